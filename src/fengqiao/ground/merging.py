"""One place registered twice: the doubles that are likely, the merge, and its undoing.

The double keeps its number, its tag and whatever points to it; `one_with_merged` gives all ids of a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from uuid import UUID

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


def one_with_merged(premises: Premises) -> list[UUID]:
    """The place's id and those of all doubles merged into it, whichever way they came."""
    found, newest = [premises.pk], [premises.pk]
    while newest:
        merged = Premises.objects.filter(merged_into__in=newest).exclude(pk__in=found)
        newest = list(merged.order_by("number").values_list("pk", flat=True))
        found += newest
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
    taken = Premises.objects.filter(
        station_id=double.station_id, door_plate=double.door_plate, voided_at=None
    )
    if double.door_plate and taken.exists():
        raise OutOfTurn(f"门牌编码 {double.door_plate} 已登记在另一场所，请先改正")
    double.voided_at, double.merged_into, double.updated_at = None, None, at
    double.save(update_fields=["voided_at", "merged_into", "updated_at"])
    regrade_one(double, at=at)
    forget(double.station_id)
    return double


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
