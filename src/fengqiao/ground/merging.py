"""One place registered twice: the doubles that are likely, the merge, and its undoing.

The double keeps its number, its tag and whatever points to it; `one_with_merged` gives all ids of a place, `doubles`
where each of them is now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Replace

from fengqiao.ground.gazetteer import forget
from fengqiao.ground.grading import regrade_one
from fengqiao.ground.models import Premises
from fengqiao.ground.seeing import Viewer
from fengqiao.kit.geometry import distance_m
from fengqiao.kit.problems import BadInput, OutOfTurn
from fengqiao.kit.text import normalise
from fengqiao.store.scope import require_transaction

SAME_POINT_M = 15
# About 20 m of latitude, and no less of longitude anywhere in China.
NEAR = 0.00035
SIMILAR = 0.6
SHOWN = 5
# What stands before the road: an address is often written without it.
_AREA = re.compile(
    r"^(?:.{2,4}?省)?(?:.{2,5}?市)?(?:.{2,4}?区)?(?:.{2,4}?(?:街道|镇))?(?:.{2,6}?(?:社区|村|居委会|村委会))?"
)


@dataclass(frozen=True, slots=True)
class Double:
    """A place that may be the same one, and the sentence that says why."""

    premises: Premises
    why: str


_ONE_WITH_MERGED = """
    WITH RECURSIVE up AS (
        SELECT id, merged_into_id FROM ground_premises WHERE id = %s
        UNION ALL SELECT p.id, p.merged_into_id FROM ground_premises p JOIN up ON p.id = up.merged_into_id
    ), whole AS (
        SELECT id FROM up WHERE merged_into_id IS NULL
        UNION ALL SELECT p.id FROM ground_premises p JOIN whole ON p.merged_into_id = whole.id
    )
    SELECT id FROM whole
"""


def one_with_merged(premises_id: UUID) -> list[UUID]:
    """All ids of one place, asked by any of them: first the one that stands for it, then the doubles merged into
    it, whichever way they came. Whoever looks for what was done at a place looks at all of them."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_WITH_MERGED, [premises_id])
        return [pk for (pk,) in cursor.fetchall()]


def doubles() -> dict[UUID, UUID]:
    """Every merged double of the station with the place that stands for it: for what looks at many places."""
    into = dict(Premises.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    found = {}
    for double in into:
        place = double
        while place in into:
            place = into[place]
        found[double] = place
    return found


def merge_premises(*, into: Premises, double: Premises, at: datetime) -> Premises:
    """The double leaves the register for the place it is; nothing else of either changes.

    Raises BadInput for a place and itself, OutOfTurn where either is in the register no more.
    """
    require_transaction()
    if into.pk == double.pk:
        raise BadInput.at("into", "不能并入自己")
    held = {one.pk: one for one in Premises.objects.select_for_update().filter(pk__in=[into.pk, double.pk])}
    if any(one.voided_at is not None for one in held.values()):
        raise OutOfTurn("其中一处已作废或已并入他处，请刷新后再看")
    double.voided_at = double.updated_at = at
    double.merged_into = into
    double.save(update_fields=["voided_at", "merged_into", "updated_at"])
    forget(double.station_id)
    return double


def undo_merge(*, double: Premises, at: datetime) -> Premises:
    """Back into the register as it was. Raises OutOfTurn for what is merged nowhere, or whose plate was given away."""
    require_transaction()
    if double.merged_into_id is None:
        raise OutOfTurn("这处没有并入别处")
    refuse_given_plate(double)
    double.voided_at, double.merged_into, double.updated_at = None, None, at
    double.save(update_fields=["voided_at", "merged_into", "updated_at"])
    regrade_one(double, at=at)
    forget(double.station_id)
    return double


def refuse_given_plate(back: Premises) -> None:
    """For a place on its way back into the register: its plate may be another's by now. Raises OutOfTurn."""
    taken = Premises.objects.filter(station_id=back.station_id, door_plate=back.door_plate, voided_at=None)
    if back.door_plate and taken.exists():
        raise OutOfTurn(f"门牌编码 {back.door_plate} 已登记在另一场所，请先改正")


def likely_doubles(viewer: Viewer, premises: Premises) -> list[Double]:
    """The standing places that may be this one: same address, or the same point and a similar name."""
    if premises.voided_at is not None:
        return []
    seen = Premises.objects.seen_by(viewer).standing().exclude(pk=premises.pk)
    own = seen.filter(community_id=premises.community_id).annotate(
        packed=Replace("address", Value(" "), Value(""))
    )
    near = own.filter(_candidates(premises)).order_by("number")[:200]
    told = ((one, _why(premises, one)) for one in near)
    return [Double(one, why) for one, why in told if why][:SHOWN]


def _candidates(premises: Premises) -> Q:
    bare = _bare(premises.address)
    asked = Q(packed__endswith=bare) if bare else Q(pk=None)
    if premises.lon is not None and premises.lat is not None:
        lon, lat = premises.lon, premises.lat
        asked |= Q(lon__range=(lon - NEAR, lon + NEAR), lat__range=(lat - NEAR, lat + NEAR))
    return asked


def _why(a: Premises, b: Premises) -> str:
    if _bare(a.address) and _bare(a.address) == _bare(b.address):
        return "地址相同"
    away = _away(a, b)
    if away is not None and away <= SAME_POINT_M and _alike(a.name, b.name):
        return f"相距 {away:.0f} 米，名称相近"
    return ""


def _bare(address: str) -> str:
    """The road and house of an address; without both it proves nothing."""
    text = normalise(address).replace(" ", "")
    rest = _AREA.sub("", text, count=1)
    return rest if re.search(r"[0-9]", rest) else ""


def _away(a: Premises, b: Premises) -> float | None:
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return None
    return distance_m((a.lon, a.lat), (b.lon, b.lat))


def _alike(a: str, b: str) -> bool:
    a, b = (normalise(name).replace(" ", "") for name in (a, b))
    return a in b or b in a or SequenceMatcher(None, a, b).ratio() >= SIMILAR
