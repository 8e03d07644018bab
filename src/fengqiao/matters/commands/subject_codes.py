"""The code of a person's own page: made when a paper that is handed over is drawn, and followed by whoever holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.kit.text import digits
from fengqiao.matters.commands.knocking import came_by
from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.commands.recording import Performed
from fengqiao.matters.models import Matter, SubjectCode
from fengqiao.matters.registry import Kind, kind, kinds
from fengqiao.matters.subject_code import DIGITS, digest_of
from fengqiao.people.actors import Actor, party
from fengqiao.people.roles import Role

KNOCK = "subject_code"
MOST_OPEN = 5  # requests about one matter that wait for an answer


@dataclass(frozen=True, slots=True)
class Found:
    """A code that holds: its row, the matter, and whoever came by it as an actor."""

    code: SubjectCode
    matter: Matter
    by: Actor


def code_for(matter: Matter, *, at: datetime) -> SubjectCode:
    """The matter's one code, made when it is first asked for."""
    fresh = SubjectCode(id=uuid7(), station_id=matter.station_id, matter=matter, made_at=at)
    made, _new = SubjectCode.objects.get_or_create(
        matter=matter,
        defaults={
            "id": fresh.pk,
            "station_id": matter.station_id,
            "digest": digest_of(fresh.code),
            "made_at": at,
        },
    )
    return made


@contextmanager
def opened_by(*, typed: str, asking: str, at: datetime) -> Iterator[Found | None]:
    """What a typed code leads to, inside its station; None for a wrong one. Raises TooMany, and BadInput for
    anything but sixteen digits, which counts for nothing."""
    code = digits(typed)
    if len(code) != DIGITS:
        raise BadInput.at("code", _("请输入单子上的 16 位查询码"))
    with came_by(KNOCK, SubjectCode.objects.all(), digest_of(code), _leads_to, asking=asking, at=at) as found:
        yield found


def party_kinds() -> list[Kind]:
    """What a party to a matter may raise beneath it."""
    return [page for page in kinds() if Role.PARTY in page.raised_by]


def raise_by_code(
    found: Found, *, kind_slug: str, given: Mapping[str, Any], key: str, at: datetime
) -> Performed:
    """Raise what a party may, beneath the matter of the code; a repeat of the key is taken once. Raises Forbidden,
    BadInput, and OutOfTurn while too much waits for an answer."""
    if kind(kind_slug) not in party_kinds():
        raise Forbidden(_("这里不能办理此事项"))
    waiting = Matter.objects.filter(
        parent=found.matter, kind__in=[page.slug for page in party_kinds()], closed_at=None
    )
    if waiting.count() >= MOST_OPEN:
        raise OutOfTurn(_("已有 {} 件请求在办理，请等待答复").format(MOST_OPEN))
    return raise_matter(
        kind_slug=kind_slug,
        given=given,
        by=found.by,
        at=at,
        key=f"code:{found.code.pk}:{key}",
        parent=found.matter,
    )


def _leads_to(code: SubjectCode) -> Found:
    matter = Matter.objects.select_related("premises", "vault").get(pk=code.matter_id)
    return Found(code, matter, party(code.station_id, matter.pk))
