"""How long a kind's personal words live, what is past its day, and what a legal hold keeps back.

The words of a matter (sealed columns of its detail, sealed words of its events) die together, with the
matter's key, `keep` days after it closed. States, clocks and figures are read from plain columns and stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from fengqiao.kit.problems import BadInput, FieldError
from fengqiao.matters.models import KeepSetting, LegalHold, Matter
from fengqiao.matters.registry import Kind, kinds
from fengqiao.store.models import Destruction
from fengqiao.store.scope import require_transaction

SHORTEST, LONGEST = 1, 3650


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind as a station keeps it: `own` days are its own choice, `days` what holds."""

    page: Kind
    days: int
    own: int | None
    due: int
    held: int


def default_days(page: Kind) -> int:
    """Days after closing, as the kind's page declares them; a page without days fails the laws."""
    return page.keep.days or 0


def days_of() -> dict[str, int]:
    """Kind -> days after closing, the station's own where it has set them."""
    own = own_days()
    return {page.slug: own.get(page.slug, default_days(page)) for page in kinds()}


def lives_said(days: Mapping[str, int] | None = None) -> dict[str, str]:
    """How long each kind's words live, by the label of its detail: for the dictionary. Without `days` the
    declared defaults, which need no database."""
    return {
        page.detail._meta.label: f"{page.keep.event}后 {(days or {}).get(page.slug, default_days(page))} 日"
        for page in kinds()
    }


def own_days() -> dict[str, int]:
    return dict(KeepSetting.objects.values_list("kind", "days"))


def set_days(*, station_id: int, days: Mapping[str, int | None], at: datetime) -> int:
    """Set or (with None) go back to the default; gives the number of changes. Raises BadInput.

    Held data follows at the next run: a shorter life ends at once what is then past its day.
    """
    require_transaction()
    check_days(days)
    before, changed = own_days(), 0
    for slug, count in days.items():
        if count == before.get(slug):
            continue
        changed += 1
        if count is None:
            KeepSetting.objects.filter(kind=slug).delete()
        else:
            KeepSetting.objects.update_or_create(
                station_id=station_id, kind=slug, defaults={"days": count, "changed_at": at}
            )
    return changed


def changes(days: Mapping[str, int | None]) -> dict[str, int | None]:
    """Those of them that are otherwise now. Raises BadInput."""
    check_days(days)
    before = own_days()
    return {slug: count for slug, count in days.items() if count != before.get(slug)}


def check_days(days: Mapping[str, int | None]) -> None:
    """Raises BadInput naming each that is out of range."""
    wrong = [slug for slug, count in days.items() if count is not None and not SHORTEST <= count <= LONGEST]
    if wrong:
        says = f"请填 {SHORTEST} 至 {LONGEST} 天"
        raise BadInput(says, errors=tuple(FieldError(slug, says) for slug in wrong))


def past_their_day(page: Kind, *, at: datetime) -> QuerySet[Matter]:
    """This kind's matters whose words are past their day and still readable, held ones too."""
    return Matter.objects.filter(
        kind=page.slug,
        closed_at__lte=at - timedelta(days=days_of()[page.slug]),
        vault__destroyed_at=None,
    )


def due(page: Kind, *, at: datetime) -> QuerySet[Matter]:
    """Those no legal hold keeps."""
    return past_their_day(page, at=at).filter(~Exists(holding(at=at).filter(matter=OuterRef("pk"))))


def holding(*, at: datetime) -> QuerySet[LegalHold]:
    """The holds in force; one whose last day has passed holds no more."""
    return LegalHold.objects.filter(Q(until=None) | Q(until__gte=localdate(at)), lifted_at=None)


def hold_of(matter: Matter, *, at: datetime) -> LegalHold | None:
    return holding(at=at).filter(matter=matter).select_related("placed_by").first()


def holds_in_force(*, at: datetime) -> list[LegalHold]:
    return list(holding(at=at).select_related("matter", "placed_by"))


def kept(*, at: datetime) -> list[Kept]:
    """Every kind with its days, and how many matters wait for destruction or are held past their day."""
    own, days = own_days(), days_of()
    found = []
    for page in kinds():
        past, waiting = past_their_day(page, at=at).count(), due(page, at=at).count()
        found.append(Kept(page, days[page.slug], own.get(page.slug), waiting, past - waiting))
    return found


def destroyed_lately(*, station_id: int, most: int = 30) -> list[Destruction]:
    """The last destruction records of the station, the newest first."""
    return list(Destruction.objects.filter(station_id=station_id)[:most])
