"""raise_owed: what the calendar makes due becomes matters, once each."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from fengqiao.kit.problems import Problem
from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Kind, Owed, kinds
from fengqiao.people.actors import machine
from fengqiao.store.scope import require_transaction

log = logging.getLogger("fengqiao.owing")


def raise_owed(*, station_id: int, at: datetime) -> int:
    """Ask every kind what is due by now and raise it in the station's name; how many were new.

    What cannot be raised keeps nothing else from being raised: it is logged, and asked again the next time.
    """
    require_transaction()
    return sum(
        _raised(owed.kind or page.slug, owed, page, at=at, station_id=station_id)
        for page in kinds()
        for owed in (page.owes(station_id, at) if page.owes else ())
    )


def _raised(slug: str, owed: Owed, page: Kind, *, at: datetime, station_id: int) -> bool:
    try:
        with transaction.atomic():
            done = raise_matter(
                kind_slug=slug,
                given=owed.given,
                by=machine(station_id),
                at=at,
                key=f"owed:{page.slug}:{owed.key}",
                parent=Matter.objects.get(pk=owed.parent) if owed.parent else None,
            )
    except Problem as problem:
        log.warning("what is owed could not be raised", extra={"kind": slug, "why": problem.code})
        return False
    return not done.repeated
