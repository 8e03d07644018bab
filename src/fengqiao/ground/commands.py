"""Writing the register of premises: add, change (the old address stays on record), verify, check, void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localdate

from fengqiao.ground.gazetteer import Gazetteer, forget, gazetteer
from fengqiao.ground.grading import grade_new, grade_premises, regrade_one
from fengqiao.ground.inputs import PremisesInput, VerifyInput, VoidingInput, point_fault
from fengqiao.ground.locating import Placed, contradiction, place
from fengqiao.ground.merging import one_with_merged, refuse_given_plate
from fengqiao.ground.models import AddressChange, Community, Premises, Voiding
from fengqiao.kit.geometry import Datum, to_wgs84
from fengqiao.kit.ids import uuid7
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, OutOfTurn
from fengqiao.store.scope import require_transaction

# Columns that know the difference between "no" and "nobody has looked".
MAYBE = ("rooms", "e_bikes", "separated")
PLAIN = ("number", "kind", "name", "address", "door_plate", *MAYBE, "contact_name", "contact_phone", "note")


def create_premises(*, station_id: int, given: Mapping[str, Any], at: datetime) -> Premises:
    """A new place. Raises BadInput for a number in use, or where the community must be asked."""
    require_transaction()
    premises = Premises(id=uuid7(), station_id=station_id)
    fill(premises, validate(PremisesInput, given), known=gazetteer(premises.station_id), at=at)
    _refuse_taken(premises)
    premises.save(force_insert=True)
    regrade_one(premises, at=at)
    forget(station_id)
    return premises


def add_premises(places: Sequence[Premises], *, station_id: int, at: datetime) -> None:
    """Many new places of a station, graded, in one statement. Their tags are drawn before: a value the database
    fills in by itself keeps Django from sending a column as one array, and thirty values a row cost more than all
    else."""
    grade_new(places, station_id=station_id, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ground_tag') FROM generate_series(1, %s)", [len(places)])
        for new, (tag,) in zip(places, cursor.fetchall(), strict=True):
            new.tag = tag
    Premises.objects.bulk_create(places)


def amend_premises(*, premises: Premises, given: Mapping[str, Any], at: datetime) -> Premises:
    """Correct a place; an address given up is kept with the day it ended. Raises BadInput."""
    require_transaction()
    before = premises.address
    fill(premises, validate(PremisesInput, given), known=gazetteer(premises.station_id), at=at)
    _refuse_taken(premises)
    premises.save()
    if before != premises.address:
        AddressChange.objects.create(
            station_id=premises.station_id, premises=premises, address=before, until=at
        )
    regrade_one(premises, at=at)
    forget(premises.station_id)
    return premises


def verify_premises(*, premises: Premises, given: Mapping[str, Any], by_name: str, at: datetime) -> Premises:
    """Somebody found these parts of the row to be true; only the last verification is kept.

    Raises BadInput for nothing chosen, OutOfTurn for a place no longer in the register.
    """
    require_transaction()
    asked = validate(VerifyInput, given)
    if premises.voided_at is not None:
        raise OutOfTurn("已作废的场所不能核实")
    premises.verified_at, premises.updated_at = at, at
    premises.verified_what = ",".join(dict.fromkeys(asked.what))
    premises.verified_via, premises.verified_by = asked.via, by_name[:60]
    premises.save(update_fields=["verified_at", "verified_what", "verified_via", "verified_by", "updated_at"])
    regrade_one(premises, at=at)
    return premises


def note_check(
    *,
    premises: Premises,
    checked_at: datetime,
    at: datetime,
    learnt: Mapping[str, Any],
    facts: Mapping[str, int],
) -> None:
    """The place was checked: its next round counts from the latest check, and what that one learnt stands.

    `learnt` are columns of the register, `facts` all that is told for its grade. One that arrives late moves nothing
    back; one of a merged double is a check of the place it joined.
    """
    require_transaction()
    standing = one_with_merged(premises.pk)[0]
    earlier = Q(last_check_at=None) | Q(last_check_at__lte=checked_at)
    Premises.objects.filter(earlier, pk=standing).update(last_check_at=checked_at, **learnt)
    grade_premises(station_id=premises.station_id, at=at, facts={standing: facts}, ids=[standing])


def void_premises(*, premises: Premises, given: Mapping[str, Any], by_name: str, at: datetime) -> Premises:
    """Out of the register, never out of the table: what was done there still points to it. What is still owed there
    is asked for by `matters.places`. Raises BadInput without a reason, OutOfTurn for what is out already."""
    require_transaction()
    asked = validate(VoidingInput, given)
    if premises.voided_at is not None:
        raise OutOfTurn("这处已作废或已并入他处，请刷新后再看")
    Voiding.objects.create(
        station_id=premises.station_id, premises=premises, at=at, reason=asked.reason, by_name=by_name[:60]
    )
    premises.voided_at, premises.updated_at = at, at
    premises.save(update_fields=["voided_at", "updated_at"])
    forget(premises.station_id)
    return premises


def restore_premises(*, premises: Premises, given: Mapping[str, Any], by_name: str, at: datetime) -> Premises:
    """Voided by mistake: back under its old number and tag. Raises BadInput without a reason, OutOfTurn for what
    was not voided (a merged double is parted instead), or whose plate was given away."""
    require_transaction()
    asked = validate(VoidingInput, given)
    if premises.voided_at is None or premises.merged_into_id is not None:
        raise OutOfTurn("这处没有作废")
    refuse_given_plate(premises)
    back = {"restored_at": at, "restored_why": asked.reason, "restored_by": by_name[:60]}
    Voiding.objects.filter(premises=premises, restored_at=None).update(**back)
    premises.voided_at, premises.updated_at = None, at
    premises.save(update_fields=["voided_at", "updated_at"])
    regrade_one(premises, at=at)
    forget(premises.station_id)
    return premises


def fill(premises: Premises, asked: PremisesInput, *, known: Gazetteer, at: datetime) -> None:
    """Put the answers into the row, unsaved. Raises BadInput for coordinates or a community in doubt."""
    fault = point_fault(asked.lon, asked.lat, asked.datum)
    if fault:
        raise BadInput(fault.says, errors=(fault,))
    for name in PLAIN:
        value = getattr(asked, name)
        setattr(premises, name, "" if value is None and name not in MAYBE else value)
    _set_point(premises, asked)
    premises.community = _community(premises, asked, known)
    premises.registered_on = premises.registered_on or localdate(at)
    premises.updated_at = at


def _set_point(premises: Premises, asked: PremisesInput) -> None:
    if asked.lon is None or asked.lat is None:
        premises.lon = premises.lat = None
        premises.point_source = ""
        return
    lon, lat = to_wgs84(asked.lon, asked.lat, asked.datum or Datum.WGS84)
    premises.lon, premises.lat = round(lon, 7), round(lat, 7)
    # Said as it came, so that a shifted point can be traced to the datum it was given in.
    premises.point_source = f"填报 {(asked.datum or Datum.WGS84).says}"[:40]


def _community(premises: Premises, asked: PremisesInput, known: Gazetteer) -> Community:
    lon, lat = premises.lon, premises.lat
    placed = place(known, address=asked.address, lon=lon, lat=lat, code=asked.community or "")
    if placed.community is None:
        raise BadInput.at("community", must_choose(placed))
    if lon is not None and lat is not None and (why := contradiction(known, placed.community, lon, lat)):
        raise BadInput.at("lon", why)
    return placed.community


def must_choose(placed: Placed) -> str:
    """The sentence that asks for a community, naming the candidates."""
    names = "、".join(f"{c.name}({c.code})" for c in placed.candidates)
    return f"{placed.why}；可选：{names}" if names else f"{placed.why}；如确属本所，请填写社区"


def _refuse_taken(premises: Premises) -> None:
    same = Premises.objects.filter(station_id=premises.station_id).exclude(pk=premises.pk)
    if same.filter(number=premises.number).exists():
        raise BadInput.at("number", f"编号 {premises.number} 已在使用(作废的场所也占用编号)")
    if premises.door_plate and same.filter(door_plate=premises.door_plate, voided_at=None).exists():
        raise BadInput.at("door_plate", f"门牌编码 {premises.door_plate} 已登记在另一场所")
