"""pass_on: what somebody holds who may no longer act goes to the community's officer, or visibly to nobody.

A post ends on its last day without anybody pressing a button, and an account may be frozen. This is asked every hour.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from fengqiao.kit.inputs import Nothing
from fengqiao.matters.commands.performing import vault_of
from fengqiao.matters.commands.recording import call, noted, record
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import LEFT_ALONE, PASSED_ON, placed_kinds
from fengqiao.people.actors import Actor, machine, posts_on
from fengqiao.people.charge import responsible
from fengqiao.people.roles import FIELD
from fengqiao.store.scope import require_transaction

BATCH = 200


def pass_on(*, station_id: int, at: datetime, limit: int = BATCH) -> int:
    """One batch, in one transaction; gives how many changed hands. Each is told in its own timeline."""
    require_transaction()
    found = _held_without_right(at).select_for_update(of=("self",), skip_locked=True).select_related("vault")
    matters = list(found.order_by("pk")[:limit])
    for matter in matters:
        _pass(matter, machine(station_id), at)
    Matter.objects.bulk_update(matters, ["holder", "version"])
    return len(matters)


def _held_without_right(at: datetime) -> QuerySet[Matter]:
    """Open matters whose holder has today no post that could be put in charge of them, or no account that works."""
    posts = posts_on(localdate(at)).filter(person=OuterRef("holder"), person__is_active=True)
    placed = Q(kind__in=placed_kinds())
    may = (placed & Exists(posts.filter(role__in=FIELD))) | (~placed & Exists(posts))
    return Matter.objects.open().filter(~may, holder__isnull=False)


def _pass(matter: Matter, by: Actor, at: datetime) -> None:
    community = matter.community_id
    taker = None if community is None else responsible(community_id=community, day=localdate(at))
    before, matter.holder, matter.version = matter.holder_id, taker, matter.version + 1
    heard = call(
        by=by, at=at, observed_at=None, key=f"pass:{matter.pk}:{matter.version}", content=[str(before)]
    )
    record(
        noted(
            matter=matter,
            vault=vault_of(matter),
            act=PASSED_ON if taker else LEFT_ALONE,
            call=heard,
            given=Nothing(),
            stage_from=matter.stage,
        )
    )
