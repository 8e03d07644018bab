"""The commands that work on a station's database: each opens it, does one thing, and leaves it as found."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import django

from fengqiao.kit.problems import Problem
from fengqiao.server.database import Database, environment, running
from fengqiao.server.home import Home
from fengqiao.server.refusals import refusals


@contextmanager
def station_open(*, as_owner: bool = False) -> Iterator[Database]:
    """Database up, Django ready in this process; only migrating gets the owner's login."""
    home = Home.find(os.environ)
    with running(home, dict(os.environ)) as database:
        given = dict(os.environ)
        os.environ.update(environment(home, database, given, as_owner=as_owner))
        django.setup()
        try:
            yield database
        finally:
            from django.db import connections  # noqa: PLC0415 app ready

            connections.close_all()


def prepare(arguments: argparse.Namespace) -> int:
    """What `serve` needs before it serves: tables, rights, static files, and the demo station unless told not."""
    django.setup()
    from fengqiao.server import preparing  # noqa: PLC0415 app ready

    home = Home.find(os.environ)
    with ThreadPoolExecutor(1) as beside:
        # Compressing static files is all CPU of zlib's own, migrating waits for the database: side by side.
        collecting = beside.submit(preparing.collect_static)
        preparing.migrate()
        preparing.first_station(home, demo=not arguments.no_demo)
        preparing.starting_lists()
        preparing.what_is_owed()
        collecting.result()
    return 0


def migrate(arguments: argparse.Namespace) -> int:
    with station_open(as_owner=True):
        from fengqiao.server import preparing  # noqa: PLC0415 app ready

        preparing.migrate()
    return say("数据库已是本版本的结构。")


def demo(arguments: argparse.Namespace) -> int:
    with station_open(as_owner=True):
        from fengqiao.server import preparing  # noqa: PLC0415 app ready

        preparing.migrate()
        made = preparing.first_station(Home.find(os.environ), demo=True)
        preparing.starting_lists()
    return say("演示派出所已装入。" if made else "数据库里已有派出所，没有改动。")


def import_file(arguments: argparse.Namespace) -> int:
    with station_open():
        from fengqiao.ground.commandline import run_import  # noqa: PLC0415 app ready
        from fengqiao.server.stations import the_station  # noqa: PLC0415 app ready

        try:
            text, code = run_import(
                arguments.what,
                Path(arguments.file),
                station=the_station(),
                dry_run=arguments.dry_run,
                json=arguments.json,
                mapping=arguments.mapping,
            )
        except Problem as problem:
            return fail(str(problem))
    say(text)
    return int(code)


def token(arguments: argparse.Namespace) -> int:
    with station_open():
        from fengqiao.server.stations import new_token  # noqa: PLC0415 app ready

        try:
            return say(new_token(arguments.username))
        except Problem as problem:
            return fail(str(problem))


def appoint(arguments: argparse.Namespace) -> int:
    with station_open():
        from fengqiao.server.stations import appointed  # noqa: PLC0415 app ready

        try:
            return say(appointed(arguments.username, arguments.role))
        except Problem as problem:
            return fail(str(problem))


def figures(arguments: argparse.Namespace) -> int:
    try:
        first, last = date.fromisoformat(arguments.first), date.fromisoformat(arguments.last)
    except ValueError:
        return fail("日期格式不对，如 2022-04-30")
    with station_open():
        from fengqiao.server.stations import figure_rows  # noqa: PLC0415 app ready

        try:
            rows = figure_rows(first, last, arguments.community)
        except Problem as problem:
            return fail(str(problem))
    if arguments.json:
        return say(json.dumps(rows, ensure_ascii=False, indent=2))
    for row in rows:
        printed = f"{row['value']}{row['unit']}" if row["value"] is not None else row["reason"]
        span = f"  95% 区间 {row['low']}–{row['high']}" if row["low"] is not None else ""
        left = "、".join(f"{out['says']} {out['number']}" for out in row["left_out"] if out["number"])
        now = "  登记簿截至今天" if row["over"] == "premises" else ""
        say(
            f"{row['says']}: {printed}  ({row['numerator']}/{row['denominator']}){span}{now}{f'  未计入：{left}' if left else ''}"
        )
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Exit code 1 when anything sealed is no longer what it was; the first fault is named."""
    with station_open():
        from fengqiao.server.sealer import verify_all  # noqa: PLC0415 app ready

        reports = verify_all()
    if arguments.json:
        say(json.dumps([asdict(report) | {"station": name} for name, report in reports], ensure_ascii=False))
    for name, report in [] if arguments.json else reports:
        told = "全部相符" if report.good else f"第一处：{report.faults[0]}"
        say(f"{name}: 封条 {report.seals} 张，日志 {report.rows} 行，{told}")
        for fault in report.faults[1:]:
            say(f"  {fault}")
    return 0 if all(report.good for _name, report in reports) else 1


def keep(arguments: argparse.Namespace) -> int:
    """What the worker does every hour, now; scrubbing takes the owner's login."""
    with station_open(as_owner=arguments.scrub):
        from fengqiao.server import keeping  # noqa: PLC0415 app ready
        from fengqiao.server.stations import the_station  # noqa: PLC0415 app ready

        now = datetime.now(UTC)
        try:
            station = the_station()
        except Problem as problem:
            return fail(str(problem))
        dry = arguments.dry_run
        found = keeping.due(station_id=station.pk, at=now) if dry else keeping.keep_all(at=now)
        if arguments.scrub and not dry:
            keeping.scrub()
    if arguments.json:
        return say(json.dumps([asdict(gone) for gone in found], ensure_ascii=False, indent=2))
    for gone in found:
        held = f"，依法保全 {gone.held}" if gone.held else ""
        say(f"{gone.says}({gone.life}): {gone.method} {gone.count}{held}")
    return say("没有到期的数据。") if not found else 0


def dictionary(arguments: argparse.Namespace) -> int:
    """From the declarations alone; no database is asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.server.settings")
    django.setup()
    from fengqiao.matters.keeping import lives_said  # noqa: PLC0415 app ready
    from fengqiao.store import dictionary as declared  # noqa: PLC0415 app ready

    lives = lives_said()
    if arguments.json:
        return say(json.dumps([asdict(row) for row in declared.rows(lives)], ensure_ascii=False, indent=2))
    return say(declared.markdown(lives) if arguments.markdown else declared.plain(lives))


def simulate(arguments: argparse.Namespace) -> int:
    with station_open():
        from django.utils import timezone  # noqa: PLC0415 app ready

        from fengqiao.server import simulating  # noqa: PLC0415 app ready

        try:
            if arguments.live:
                simulating.live(speed=arguments.speed, say=say)
                return 0
            played = simulating.batch(
                days=arguments.days,
                seed=arguments.seed,
                rate=arguments.rate,
                ends=timezone.now(),
                premises=arguments.premises,
            )
        except Problem as problem:
            return fail(str(problem))
    if arguments.json:
        say(json.dumps(played.plain(), ensure_ascii=False, indent=2))
    else:
        for line in simulating.told(played):
            say(line)
    return 0 if played.good else 1


def doctor(arguments: argparse.Namespace) -> int:
    """Exit code 1 when something must be mended."""
    from fengqiao.server.checkup import lines  # noqa: PLC0415 slow import

    home = Home.find(os.environ)
    with running(home, dict(os.environ)) as database:
        wrong = refusals(
            database,
            environ=os.environ,
            debug=os.environ.get("FENGQIAO_DEBUG") == "1",
            host=os.environ.get("FENGQIAO_HOST", "127.0.0.1"),
        )
        for line in lines(home, database):
            say(line)
    for refusal in wrong:
        say(f"须处理 [{refusal.code}] {refusal.says}{refusal.mend}")
    return 1 if wrong else say("一切正常。")


def say(line: str) -> int:
    sys.stdout.write(f"{line}\n")
    return 0


def fail(line: str) -> int:
    sys.stderr.write(f"fengqiao: {line}\n")
    return 1
