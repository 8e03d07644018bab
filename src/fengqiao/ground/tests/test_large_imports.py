"""A large file goes in part by part; whoever comes after a break goes on where the last one stopped."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from fengqiao.ground import importing
from fengqiao.ground.commandline import run_import
from fengqiao.ground.importing import parts
from fengqiao.ground.importing.carrying import carry, unfinished
from fengqiao.ground.models import ImportPart, ImportRun, ImportState, Premises, Station
from fengqiao.ground.tests.conftest import NOON, context
from fengqiao.kit.problems import NotFound

ROWS = 4500


def lines(prefix: str = "L") -> bytes:
    rows = [f"{prefix}-{n},出租屋,公寓{n},容桂街道海尾社区海尾路{n}号,440606006016" for n in range(ROWS)]
    # the last row repeats the first: they lie in different parts
    rows.append(rows[0])
    return "\n".join(["编号,类型,名称,地址,社区", *rows]).encode()


class Killed(Exception):
    pass


def killed_after(done: int, state: ImportState):
    def told(run: ImportRun) -> None:
        if run.state == state and run.done >= done:
            raise Killed

    return told


def begun(station: Station) -> ImportRun:
    return importing.begin(what="premises", data=lines(), context=context(station))


def come_in() -> int:
    return Premises.objects.filter(number__startswith="L-").count()


@pytest.fixture(autouse=True)
def as_of_now(monkeypatch: pytest.MonkeyPatch):
    """The runs of these stories are of NOON; a day later they would be gone."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(minutes=1))


def test_judging_sees_across_parts_and_begins_anew_after_a_break(station: Station):
    run = begun(station)

    with pytest.raises(Killed):
        carry(station=station, run_id=run.pk, told=killed_after(1, ImportState.JUDGING))
    again = carry(station=station, run_id=run.pk)

    assert again
    assert (again.state, again.parts) == (ImportState.JUDGED, 3)
    assert (again.ok, again.failed, again.skipped) == (ROWS, 1, 0)
    last = importing.report(again).verdicts[-1]
    assert "与第 2 行重复" in last.reason({})
    assert come_in() == 0


def test_writing_goes_on_after_the_last_part_that_was_written(station: Station):
    run = begun(station)
    carry(station=station, run_id=run.pk)
    importing.begin_commit(run_id=run.pk, context=context(station))

    with pytest.raises(Killed):
        carry(station=station, run_id=run.pk, told=killed_after(1, ImportState.WRITING))
    half = ImportRun.objects.get(pk=run.pk)
    assert (come_in(), half.done, half.committed_at) == (2000, 1, None)
    assert unfinished() == [run.pk]

    done = carry(station=station, run_id=run.pk)
    assert done
    assert (come_in(), done.state, done.ok, done.failed) == (ROWS, ImportState.DONE, ROWS, 1)
    assert unfinished() == []


def test_the_same_command_goes_on_and_a_third_time_changes_nothing(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "many.csv"
    path.write_bytes(lines())
    with monkeypatch.context() as patched:
        patched.setattr("fengqiao.ground.commandline._tell", killed_after(2, ImportState.WRITING))
        with pytest.raises(Killed):
            run_import("premises", path, station=station)
    assert come_in() == 4000

    told = [json.loads(run_import("premises", path, station=station, json=True)[0]) for _ in range(2)]

    assert [(t["ok"], t["failed"], t["skipped"]) for t in told] == [(ROWS, 1, 0), (0, 1, ROWS)]
    assert ImportRun.objects.count() == 2
    assert come_in() == ROWS


def test_a_command_without_a_preview_judges_each_row_once(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    judged, seen = parts.judged, list[int]()

    def counting(page, rows, context):
        seen.extend(given.number for given in rows)
        return judged(page, rows, context)

    monkeypatch.setattr(parts, "judged", counting)
    path = tmp_path / "many.csv"
    path.write_bytes(lines())
    run_import("premises", path, station=station)

    assert seen == list(range(2, ROWS + 3))
    assert come_in() == ROWS


def test_the_verdicts_of_a_large_file_are_opened_a_page_at_a_time(
    station: Station, django_assert_max_num_queries
):
    run = begun(station)
    found = carry(station=station, run_id=run.pk)
    assert found

    every, failed = importing.Verdicts(found), importing.Verdicts(found, "failed")

    assert (len(every), len(failed)) == (ROWS + 1, 1)
    assert failed[0].number == ROWS + 2
    assert [v.number for v in every[1998:2003]] == [2000, 2001, 2002, 2003, 2004]
    with django_assert_max_num_queries(2):
        assert len(every[:100]) == 100


def test_the_parts_go_with_their_day(station: Station):
    run = begun(station)

    importing.purge(at=NOON + timedelta(hours=25))

    assert not ImportPart.objects.filter(run=run).exists()
    with pytest.raises(NotFound):
        importing.report(ImportRun.objects.get(pk=run.pk))
