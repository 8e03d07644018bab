"""Bringing files in: so many rows of places and of past checks, by the operator's own command.

`python -m benchmarks.imports` takes 100,000 rows of each; `--rows 10000` is a short look. Beside them, in the same
run, what PostgreSQL takes for as many plain rows by COPY.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from benchmarks.house import House, house
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home

ROWS, GOAL = 100_000, 60
KINDS = ("出租屋", "三小场所", "企业", "住宅楼")
PLACES = "编号,类型,名称,地址,社区,门牌编码,经度,纬度,坐标系,房间数,负责人,负责人电话"
CHECKS = "来源,编号,检查人,检查表,检查日期,检查项,等级,隐患,部位,状态,通知日期,到期日,整改日期,场所编号,地址,场所名称,新建场所,场所类型,社区"


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    asked.add_argument("--rows", type=int, default=ROWS)
    rows = asked.parse_args().rows
    with house(port=8195) as built:
        for what, says, lines in (
            ("premises", "places", [PLACES, *(_place(n) for n in range(rows))]),
            ("histories", "findings of past checks", [CHECKS, *(_check(n) for n in range(rows))]),
        ):
            path = built.home.parent / f"{what}.csv"
            path.write_text("\n".join(lines), encoding="utf-8")
            before, began = _cpu(built), time.monotonic()
            bring_in(built, what, path)
            took, after = time.monotonic() - began, _cpu(built)
            spent = "CPU " + ", ".join(f"{part} {after[part] - before[part]:.1f} s" for part in after)
            bare = copied(built, lines[1:])
            print(f"{rows} {says:<26}{took:8.1f} s (goal {GOAL} for {ROWS})   {spent}")
            print(f"  bare COPY                   {bare:8.1f} s, ratio {took / bare:.0f}")
    print(f"load of the machine           {os.getloadavg()[0]:.1f}")


def _place(n: int) -> str:
    community, rooms = "440606006016" if n % 2 else "", n % 40 + 1 if n % 4 == 0 else ""
    where = f"容桂街道海尾社区海尾路{n}号,{community},P{n},113.309{n % 1000:03},22.773{n % 999:03}"
    return f"B-{n},{KINDS[n % 4]},公寓{n},{where},WGS-84,{rooms},房东,13900000000"


def _check(n: int) -> str:
    year, day = 2020 + n % 4, f"0{n % 9 + 1}-1{n % 9}"
    mended = f"0{n % 9 + 1}-2{n % 9}"
    found = f"疏散通道,一般,通道堆放杂物{n},走廊,已整改,{year}-{mended},{year + 1}-{mended},"
    place = f"H{n // 8},容桂街道海尾路{n // 8}号,小店{n // 8},是,出租屋,440606006016"
    return f"区消防平台,Q{n},区消防,例行,{year}-{day},{found},{place}"


def _cpu(built: House) -> dict[str, float]:
    """Seconds so far of the commands and of the database: what a busy machine does not change much."""
    commands = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"command": commands.ru_utime + commands.ru_stime, "database": built.spent()["database"]}


def bring_in(built: House, what: str, path: Path) -> None:
    """From the command to its report, judging and writing."""
    env = {**os.environ, "FENGQIAO_HOME": str(built.home)}
    command = [sys.executable, "-m", "fengqiao.server.cli", "import", what, str(path)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what}: {done.stdout[-800:]}{done.stderr[-800:]}")


def copied(built: House, lines: list[str]) -> float:
    with (
        psycopg.connect(EmbeddedPostgres(Home(built.home)).owner_url) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TEMP TABLE bare (line text)")
        began = time.monotonic()
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for line in lines:
                copy.write_row((line,))
        connection.commit()
        return time.monotonic() - began


if __name__ == "__main__":
    main()
