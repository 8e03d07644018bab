"""`fengqiao import WHAT FILE`: the same two steps as on the screen, told as text or JSON."""

from __future__ import annotations

import json as jsonlib
import sys
from collections import Counter
from pathlib import Path

from django.utils import timezone

from fengqiao.ground.importing import (
    ColumnMap,
    Context,
    Importer,
    Report,
    Standing,
    begin,
    carry,
    importer,
    read_mapping_file,
    report,
    saved_mapping,
    trial,
)
from fengqiao.ground.importing.runs import begun_before
from fengqiao.ground.models import ImportRun, ImportState, Station
from fengqiao.kit.problems import BadInput, NotFound, TooLarge
from fengqiao.store.scope import acting_for

SAYS = {Standing.OK: "成功", Standing.FAILED: "失败", Standing.SKIPPED: "跳过"}
SHOWN_ALIKE = 5
BY = "命令行"
# A file of the machine's own operator, not one from the net.
MOST_BYTES = 100 * 2**20


def run_import(
    what: str, path: Path, *, station: Station, dry_run: bool = False, json: bool = False, mapping: str = ""
) -> tuple[str, int]:
    """The report to print and the exit code: 1 when a row failed. Raises a Problem for an unusable file.

    The rows are judged and written part by part, each in a transaction of its own; the same command after
    a kill goes on where it stopped.
    """
    page = importer(what)
    data = _bytes(path)
    context = Context(station, timezone.now(), path.name, by_name=BY)
    with acting_for(station.pk):
        columns = _mapping(page, mapping)
        found = trial(what=what, data=data, context=context, mapping=columns)[1] if dry_run else None
    found = found or _written(what, data, context, columns)
    told = _as_json(page, found) if json else _as_text(page, path.name, found, dry_run=dry_run)
    return told, 1 if found.failed else 0


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"没有这个文件：{path}")
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(f"文件超过 {MOST_BYTES // 2**20} MB，请分成几份")
    return path.read_bytes()


def _mapping(page: Importer, named: str) -> ColumnMap | None:
    """A file's, or the station's own under this name."""
    if not named:
        return None
    if not page.can_map:
        raise BadInput("这一类文件不能逐列对应")
    path = Path(named)
    return read_mapping_file(path.read_bytes(), page) if path.is_file() else saved_mapping(page.what, named)


def _written(what: str, data: bytes, context: Context, mapping: ColumnMap | None) -> Report:
    station = context.station
    with acting_for(station.pk):
        run = begun_before(what=what, data=data, mapping=mapping, by_name=BY, at=context.at)
        if run is None:
            run = begin(
                what=what,
                data=data,
                context=context,
                mapping=mapping,
                max_bytes=MOST_BYTES,
                state=ImportState.WRITING,
            )
    carried = carry(station=station, run_id=run.pk, told=_tell)
    if carried is None:
        raise BadInput("这个文件正在由另一个进程导入，请稍候再看")
    with acting_for(station.pk):
        return report(carried)


def _tell(run: ImportRun) -> None:
    """One line that moves, for whoever watches; nothing where nobody does."""
    if sys.stderr.isatty() and run.parts > 1:
        ends = "" if run.is_carried else "\n"
        sys.stderr.write(f"\r写入 {run.done * 100 // run.parts:>3}%  {run.done}/{run.parts} 批{ends}")
        sys.stderr.flush()


def _as_json(page: Importer, found: Report) -> str:
    rows = [
        {"row": v.number, "standing": v.standing.value, "reason": v.reason(page.headers)}
        for v in found.verdicts
    ]
    counts = {"what": page.what, "ok": found.ok, "failed": found.failed, "skipped": found.skipped}
    return jsonlib.dumps({**counts, "rows": rows}, ensure_ascii=False, indent=1)


def _as_text(page: Importer, name: str, found: Report, *, dry_run: bool) -> str:
    """Every failed row; of the others that say the same only the first few."""
    lines = [f"{'试导入' if dry_run else '导入'}{page.says} {name}"]
    told: Counter[tuple[Standing, str]] = Counter()
    for verdict in found.verdicts:
        reason = verdict.reason(page.headers)
        alike = (verdict.standing, reason)
        told[alike] += 1
        if verdict.standing is Standing.FAILED or told[alike] <= SHOWN_ALIKE:
            lines.append(
                f"{verdict.number:>6}  {SAYS[verdict.standing]}  {verdict.summary}  {reason}".rstrip()
            )
    for (standing, reason), count in told.items():
        if standing is not Standing.FAILED and count > SHOWN_ALIKE:
            lines.append(f"     …  {SAYS[standing]}  另有 {count - SHOWN_ALIKE} 行  {reason}".rstrip())
    lines.append(f"共 {len(found.verdicts)} 行：成功 {found.ok}，失败 {found.failed}，跳过 {found.skipped}")
    if dry_run:
        lines.append("试导入，未写入任何内容。")
    return "\n".join(lines)
