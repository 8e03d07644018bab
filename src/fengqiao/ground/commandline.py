"""`fengqiao import WHAT FILE`: the same two steps as on the screen, told as text or JSON."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from pathlib import Path

from django.utils import timezone

from fengqiao.ground.importing import (
    Context,
    Importer,
    Report,
    Standing,
    commit,
    importer,
    preview,
    report,
    trial,
)
from fengqiao.ground.importing.runs import MOST_BYTES
from fengqiao.ground.models import Station
from fengqiao.kit.problems import NotFound, TooLarge
from fengqiao.store.scope import acting_for

SAYS = {Standing.OK: "成功", Standing.FAILED: "失败", Standing.SKIPPED: "跳过"}
SHOWN_ALIKE = 5


def run_import(
    what: str, path: Path, *, station: Station, dry_run: bool = False, json: bool = False
) -> tuple[str, int]:
    """The report to print and the exit code: 1 when a row failed. Raises a Problem for an unusable file."""
    page = importer(what)
    data = _bytes(path)
    with acting_for(station.pk):
        context = Context(station, timezone.now(), path.name, by_name="命令行")
        found = _report(what, data, context, dry_run=dry_run)
    told = _as_json(page, found) if json else _as_text(page, path.name, found, dry_run=dry_run)
    return told, 1 if found.failed else 0


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"没有这个文件:{path}")
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(f"文件超过 {MOST_BYTES // 2**20} MB,请分成几份")
    return path.read_bytes()


def _report(what: str, data: bytes, context: Context, *, dry_run: bool) -> Report:
    if dry_run:
        return trial(what=what, data=data, context=context)[1]
    run = preview(what=what, data=data, context=context)
    return report(commit(run_id=run.pk, context=context))


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
    lines.append(f"共 {len(found.verdicts)} 行:成功 {found.ok},失败 {found.failed},跳过 {found.skipped}")
    if dry_run:
        lines.append("试导入,未写入任何内容。")
    return "\n".join(lines)
