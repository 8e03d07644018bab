"""Changing the register where what is owed at a place has a say: merging, parting, voiding, bringing back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fengqiao.ground.commands import restore_premises, void_premises
from fengqiao.ground.merging import merge_premises, one_with_merged, undo_merge
from fengqiao.ground.models import Premises
from fengqiao.kit.problems import OutOfTurn
from fengqiao.matters.grades import retell
from fengqiao.matters.models import Matter
from fengqiao.matters.numbering import number

LISTED = 10


def merge_places(*, into: Premises, double: Premises, at: datetime) -> Premises:
    """The double joins the place, and its hazards and checks count there from now on. Raises as `merge_premises`."""
    merged = merge_premises(into=into, double=double, at=at)
    retell(into.pk, station_id=into.station_id, at=at)
    return merged


def part_places(*, double: Premises, at: datetime) -> Premises:
    """Each is again graded by what is its own. Raises as `undo_merge`."""
    into = double.merged_into_id
    parted = undo_merge(double=double, at=at)
    for one in filter(None, (into, double.pk)):
        retell(one, station_id=double.station_id, at=at)
    return parted


def void_place(*, premises: Premises, given: Mapping[str, Any], by_name: str, at: datetime) -> Premises:
    """Raises OutOfTurn, naming what is still open there, and as `void_premises`."""
    held = Matter.objects.filter(premises__in=one_with_merged(premises.pk)).open().order_by("serial")
    if owed := [number(matter) for matter in held[: LISTED + 1]]:
        more = "等" if len(owed) > LISTED else ""
        raise OutOfTurn(f"这里还有未办结的事项：{'、'.join(owed[:LISTED])}{more}，请先办结或作废这些事项")
    return void_premises(premises=premises, given=given, by_name=by_name, at=at)


def restore_place(*, premises: Premises, given: Mapping[str, Any], by_name: str, at: datetime) -> Premises:
    """Raises as `restore_premises`."""
    back = restore_premises(premises=premises, given=given, by_name=by_name, at=at)
    retell(back.pk, station_id=back.station_id, at=at)
    return back
