"""Coming in by what a resident holds in hand, a link or a code: found through the wall by a knock on its digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet

from fengqiao.ground.models import OfStation
from fengqiao.people.throttle import note, require_few
from fengqiao.store.scope import require_transaction, said, say

TRow = TypeVar("TRow", bound=OfStation)
TFound = TypeVar("TFound")
WRONG_ONES = 10  # wrong links or codes from one address in a window, before it has to wait
WINDOW = timedelta(minutes=10)


@contextmanager
def came_by(
    knock: str,
    held: QuerySet[TRow],
    digest: str,
    leads_to: Callable[[TRow], TFound | None],
    *,
    asking: str,
    at: datetime,
) -> Iterator[TFound | None]:
    """What the row of this digest among `held` leads to, with its station said; None for a wrong one and one that
    leads nowhere any more, alike. `asking` is who asks, by address: ten wrong ones within ten minutes raise TooMany."""
    require_transaction()
    require_few(knock, asking, most=WRONG_ONES, window=WINDOW, at=at)
    home = said("station")
    found = None
    try:
        say(**{"station": "", knock: digest})
        row = held.filter(digest=digest).first()
        say(**{"station": row.station_id if row else "", knock: ""})
        found = leads_to(row) if row else None
        yield found
    finally:
        say(**{"station": home, knock: ""})
    if found is None:
        note(knock, asking, at=at)
