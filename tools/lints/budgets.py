"""No file over 400 lines, no template over 150: rooms grow by splitting, not by swelling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.lints.sources import ROOT

CEILINGS = {".py": 400, ".html": 150, ".js": 250, ".css": 250}
PLACES = ("src", "tests", "tools", "benchmarks", "web/js", "web/css")


def breaches() -> Iterator[str]:
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            ceiling = CEILINGS.get(path.suffix)
            if ceiling and path.is_file() and not {"dist", "migrations"} & set(path.parts):
                yield from _over(path, ceiling)


def _over(path: Path, ceiling: int) -> Iterator[str]:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > ceiling:
        yield f"{path.relative_to(ROOT)}: {lines} lines, at most {ceiling}"
