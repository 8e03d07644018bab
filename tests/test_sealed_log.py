"""The log proves itself: whatever is changed, taken out or slipped in behind the program's back is named."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, connections, transaction

from fengqiao.matters.commands import raise_matter
from fengqiao.matters.models import Event
from fengqiao.people.models import Look, SealCheck
from fengqiao.server.sealer import seal_all, verify_all
from fengqiao.store.appended import append_only_models
from fengqiao.store.heartbeat import beat, seconds_since
from fengqiao.store.scope import acting_for
from fengqiao.store.seal_copies import copied, copy_out, copy_path
from fengqiao.store.sealing import SEALER, is_behind, seal_next, sealed_models
from fengqiao.store.seals import Seal, last_seal
from fengqiao.store.verifying import Fault, verify
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def place() -> SmallStation:
    with transaction.atomic():
        return small_station()


@pytest.fixture
def sealed(place: SmallStation, tmp_path: Path) -> SmallStation:
    """Five alerts in two seals, copied out."""
    for number in (1, 2, 3):
        alert(place, number)
    assert seal_next(place.station.pk)
    for number in (4, 5):
        alert(place, number)
    assert seal_next(place.station.pk)
    copy(place, tmp_path)
    assert verify(place.station.pk, [tmp_path]).good
    return place


def alert(place: SmallStation, number: int) -> None:
    with acting_for(place.station.pk):
        alert_within(place, number)


def alert_within(place: SmallStation, number: int) -> None:
    """In the transaction that is open."""
    given = {
        "reference": f"R-{number}",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON)


def copy(place: SmallStation, folder: Path) -> int:
    with acting_for(place.station.pk):
        return copy_out(folder, place.station.pk)


def events(place: SmallStation) -> list[int]:
    with acting_for(place.station.pk):
        return list(Event.objects.order_by("pk").values_list("pk", flat=True))


def behind_the_programs_back(place: SmallStation, statement: str, *values: Any) -> None:
    """As the owner of the database, whom no grant binds."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.station', %s, true)", [str(place.station.pk)])
        cursor.execute(statement, list(values))
        assert cursor.rowcount > 0


def faults(place: SmallStation, *folders: Path) -> list[Fault]:
    return verify(place.station.pk, list(folders)).faults


def test_every_log_is_sealed_without_being_named():
    assert {"matters_event", "people_look", "people_export", "people_opening", "people_signin"} <= {
        model._meta.db_table for model in sealed_models()
    }
    for model in append_only_models():
        columns = {field.column for field in model._meta.concrete_fields}
        assert {"id", "station_id"} <= columns
        assert model is Seal or "tx" in columns


def test_a_changed_row_is_named(sealed: SmallStation):
    row = events(sealed)[1]

    behind_the_programs_back(
        sealed, 'UPDATE matters_event SET given = \'{"level": "low"}\' WHERE id = %s', row
    )

    assert faults(sealed) == [Fault("matters_event", row, "changed", seal=1)]


def test_a_deleted_row_is_named(sealed: SmallStation):
    row = events(sealed)[3]

    behind_the_programs_back(sealed, "DELETE FROM matters_event WHERE id = %s", row)

    assert faults(sealed) == [Fault("matters_event", row, "missing", seal=2)]


def test_a_row_slipped_into_the_past_is_named(sealed: SmallStation):
    row = events(sealed)[0]
    columns = [f.column for f in Event._meta.concrete_fields if f.column not in ("id", "key")]
    listed = ", ".join(f'"{column}"' for column in columns)

    behind_the_programs_back(
        sealed,
        f"INSERT INTO matters_event (id, key, {listed}) SELECT -7, 'slipped', {listed} FROM matters_event WHERE id = %s",
        row,
    )

    assert faults(sealed) == [Fault("matters_event", -7, "inserted")]


def test_the_first_of_several_is_named_first(sealed: SmallStation):
    rows = events(sealed)

    behind_the_programs_back(sealed, "DELETE FROM matters_event WHERE id IN (%s, %s)", rows[4], rows[2])

    assert [fault.row for fault in faults(sealed)] == [rows[2], rows[4]]


def test_a_changed_seal_breaks_the_chain(sealed: SmallStation):
    behind_the_programs_back(sealed, "UPDATE store_seal SET at = at + interval '1 hour' WHERE number = 1")

    assert Fault("store_seal", 1, "chain") in faults(sealed)


def test_a_history_rewritten_with_all_its_seals_is_told_by_the_copy(sealed: SmallStation, tmp_path: Path):
    """Whoever owns the database can make a new chain that holds; the copy remembers the old one."""
    row = events(sealed)[1]
    behind_the_programs_back(sealed, "DELETE FROM matters_event WHERE id = %s", row)
    behind_the_programs_back(sealed, "DELETE FROM store_seal")
    seal_next(sealed.station.pk)

    assert faults(sealed) == []
    assert faults(sealed, tmp_path)[0] == Fault("store_seal", 1, "copy")


def test_a_copy_that_was_shortened_or_taken_away_is_told(sealed: SmallStation, tmp_path: Path):
    held = copy_path(tmp_path, sealed.station.pk)
    held.write_text("".join(held.read_text().splitlines(keepends=True)[1:]))
    assert faults(sealed, tmp_path)[0] == Fault("store_seal", 1, "copy")

    held.unlink()
    assert faults(sealed, tmp_path) == [Fault("store_seal", 1, "copy")]


def test_a_copy_that_was_away_or_torn_catches_up(sealed: SmallStation, tmp_path: Path):
    held = copy_path(tmp_path, sealed.station.pk)
    whole = held.read_bytes()
    held.write_bytes(whole[:-9])

    assert copy(sealed, tmp_path) == 1
    assert held.read_bytes() == whole
    assert copy(sealed, tmp_path) == 0
    assert [line["number"] for line in copied(tmp_path, sealed.station.pk)] == [1, 2]


def test_nothing_new_makes_no_seal(sealed: SmallStation):
    assert seal_next(sealed.station.pk) is None


def test_a_slow_writers_row_is_sealed_once_when_it_comes(place: SmallStation):
    """Its id is smaller than one sealed before it; still it is neither lost nor taken for slipped in."""
    alert(place, 1)
    seal_next(place.station.pk)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with acting_for(place.station.pk):
            alert_within(place, 2)
            written.set()
            go_on.wait(20)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(20)
    alert(place, 3)
    while_it_wrote = seal_next(place.station.pk)
    go_on.set()
    writer.join()
    after = seal_next(place.station.pk)

    assert while_it_wrote is None
    assert after is not None
    assert after.rows == 2
    report = verify(place.station.pk, [])
    assert (report.good, report.rows) == (True, 3)


def test_a_database_restored_where_transactions_count_lower_goes_on(sealed: SmallStation):
    """After a restore into another server the rows hold larger numbers than new transactions get."""
    ahead = 2**40
    with acting_for(sealed.station.pk):
        before = last_seal()
        assert before is not None
        parts = [{**part, "until": part["until"] + ahead} for part in before.parts]
        whole = Seal.objects.get(pk=before.pk)
    whole.parts = parts
    behind_the_programs_back(
        sealed,
        "UPDATE store_seal SET parts = %s::jsonb, digest = %s WHERE id = %s",
        json.dumps(parts),
        whole.computed(),
        whole.pk,
    )

    alert(sealed, 6)
    first, second = seal_next(sealed.station.pk), seal_next(sealed.station.pk)

    assert [seal.rows for seal in (first, second) if seal] == [1]
    report = verify(sealed.station.pk, [])
    assert (report.faults, report.rows) == ([], 6)


def test_the_application_itself_cannot_unseal(sealed: SmallStation):
    with pytest.raises(Exception, match="permission denied"), acting_for(sealed.station.pk):
        Seal.objects.all().delete()


@pytest.fixture
def copies(tmp_path: Path, settings: LazySettings) -> Path:
    settings.SEAL_FOLDERS = [tmp_path]
    return tmp_path


def test_a_round_seals_copies_and_says_it_lives(place: SmallStation, copies: Path):
    alert(place, 1)

    seal_all()

    assert [line["rows"] for line in copied(copies, place.station.pk)] == [1]
    silent = seconds_since(SEALER)
    assert silent is not None
    assert silent < 5


def test_a_check_is_kept_for_the_audit_administrator(place: SmallStation, copies: Path):
    alert(place, 1)
    seal_all()
    row = events(place)[0]
    behind_the_programs_back(place, "UPDATE matters_event SET reason = 'x' WHERE id = %s", row)

    reports = [report for name, report in verify_all() if name == place.station.name]

    assert any(fault.row == row for report in reports for fault in report.faults)
    with acting_for(place.station.pk):
        kept = SealCheck.objects.latest("pk")
        assert not kept.good
        assert str(row) in kept.first_fault


def test_rows_that_wait_while_nobody_seals_are_told(place: SmallStation):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_heartbeat WHERE name = %s", [SEALER])
    with acting_for(place.station.pk):
        assert not is_behind()
        Look.objects.create(
            station=place.station,
            person=place.people["desk"],
            role="desk",
            subject=place.people["desk"].pk,
            columns="phone",
            reason="核对号码",
            task=False,
        )
    with acting_for(place.station.pk):
        assert is_behind()
    beat(SEALER)
    with acting_for(place.station.pk):
        assert not is_behind()
