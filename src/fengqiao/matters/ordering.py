"""What stands first wherever open matters are listed: on the board, the wall, at a place and on a phone.

What can still be met within the hour, or ran out less than a day ago, comes first, the weightier level before
the lighter; everything else follows by when it is due, what is long late before what has time. A phone keeps
the same law for itself (web/js/field/derive.js), because time passes there without a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import overload

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from fengqiao.matters.models import Matter, MatterQuerySet
from fengqiao.matters.registry import kinds

SOON = timedelta(hours=1)
LONG_LATE = timedelta(days=1)
SAYS = _("一小时内到期或超时不满一天的排在最前，等级高的优先；其余按到期先后。")


class BurningFirst(Sequence[Matter]):
    """Matters in the one order as things stand at a moment, read slice by slice.

    Two ranges of the index `matter_board`: the first is sorted, and holds a day and an hour of what is due; the
    second is read as it lies. A station with ten thousand open matters sorts no more than one with a hundred.
    """

    def __init__(self, found: MatterQuerySet, *, at: datetime) -> None:
        urgent = Q(burns_at__gt=at - LONG_LATE, burns_at__lte=at + SOON)
        others = Q(burns_at__lte=at - LONG_LATE) | Q(burns_at__gt=at + SOON) | Q(burns_at=None)
        due = F("burns_at").asc(nulls_last=True)
        self._found = found
        self._urgent = found.filter(urgent).order_by(_weight().desc(), due, "id")
        self._others = found.filter(others).order_by(due, "id")

    @overload
    def __getitem__(self, part: int) -> Matter: ...
    @overload
    def __getitem__(self, part: slice) -> list[Matter]: ...
    def __getitem__(self, part: int | slice) -> Matter | list[Matter]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        first, end = part.start or 0, part.stop
        rows = list(self._urgent[first:end])
        if end is not None and len(rows) == end - first:
            return rows
        urgent = first + len(rows) if rows else self._urgent.count()
        return rows + list(self._others[max(0, first - urgent) : None if end is None else end - urgent])

    def __iter__(self) -> Iterator[Matter]:
        return iter(self[:])

    def __len__(self) -> int:
        return self._found.count()


def _weight() -> Case:
    heavy = [
        When(kind=page.slug, level=level.slug, then=level.weight)
        for page in kinds()
        for level in page.levels
        if level.weight
    ]
    return Case(*heavy, default=Value(0), output_field=IntegerField())
