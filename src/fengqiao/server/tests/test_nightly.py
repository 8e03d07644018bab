"""Every night one backup, a missed one made up, seven kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fengqiao.server import nightly
from fengqiao.server.home import Home

TODAY = date(2022, 5, 10)
NOON = datetime(2022, 5, 10, 4, 0, tzinfo=UTC)


def made(home: Home, day: date) -> Path:
    path = nightly.file_of(home, day)
    path.write_bytes(b"sealed")
    return path


def test_the_first_backup_is_due_at_once_and_then_each_night_at_two(tmp_path: Path) -> None:
    home = Home(tmp_path)
    half_past_one = datetime(2022, 5, 10, 17, 30, tzinfo=UTC)
    assert nightly.is_due(home, NOON)
    made(home, TODAY)

    assert not nightly.is_due(home, NOON)
    assert not nightly.is_due(home, half_past_one)
    assert nightly.is_due(home, half_past_one + timedelta(hours=1))
    assert nightly.is_due(home, NOON + timedelta(days=9))


def test_seven_are_kept_and_other_files_are_left_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    days = [TODAY - timedelta(days=back) for back in range(10)]
    for day in days:
        made(home, day)
    (home.backups / "by-hand.backup").write_bytes(b"sealed")

    nightly.let_go_of_old(home)

    assert nightly.files(home) == [nightly.file_of(home, day) for day in reversed(days[:7])]
    assert (home.backups / "by-hand.backup").exists()


def test_a_backup_that_failed_is_told_and_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(nightly, "COMMAND", ("false",))
    monkeypatch.setattr(nightly, "FIRST_LOOK", 0.0)
    keeper = nightly.Nightly(Home(tmp_path), {}, told.append)

    keeper.tend()
    assert keeper._process is not None
    keeper._process.wait()
    keeper.tend()
    keeper.tend()

    assert told == ["自动备份没有成功，一小时后再试。"]
    assert keeper._process is None


def test_off_means_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "FIRST_LOOK", 0.0)
    keeper = nightly.Nightly(Home(tmp_path), {"FENGQIAO_BACKUP": "off"}, print)

    keeper.tend()

    assert keeper._process is None
