"""raise_owed: what the calendar makes due becomes matters, once each."""

from __future__ import annotations

from datetime import datetime

from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import kinds
from fengqiao.people.actors import machine
from fengqiao.store.scope import require_transaction


def raise_owed(*, station_id: int, at: datetime) -> int:
    """Ask every kind what is due by now and raise it in the station's name; how many were new."""
    require_transaction()
    new = 0
    for page in kinds():
        for owed in page.owes(station_id, at) if page.owes else ():
            done = raise_matter(
                kind_slug=owed.kind or page.slug,
                given=owed.given,
                by=machine(station_id),
                at=at,
                key=f"owed:{page.slug}:{owed.key}",
                parent=Matter.objects.get(pk=owed.parent) if owed.parent else None,
            )
            new += not done.repeated
    return new
