"""Nobody leaves while something is theirs: nothing may belong to nobody.

This room knows no matters; rooms above say here what a person may hold open.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from fengqiao.kit.problems import Problem

# Each gives how many open things a person holds, in one community or (None) anywhere.
holds_open: list[Callable[[UUID, int | None], int]] = []


class StillHolds(Problem):
    code, status, says = "still_holds", 409, "名下还有未办结的事项"


class LastAdministrator(Problem):
    code, status, says = "last_administrator", 409, "至少要保留一名安全管理员"


def require_empty_hands(person_id: UUID, *, community_id: int | None = None) -> None:
    """Raises StillHolds with the number of things to hand over first."""
    held = sum(count(person_id, community_id) for count in holds_open)
    if held:
        raise StillHolds(_("名下还有 {} 件未办结的事项，请先移交").format(held))
