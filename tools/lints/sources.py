"""The files a lint looks at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "fengqiao"


def modules(*, tests: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the package with its syntax tree; tests and migrations only when asked for."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or (not tests and "tests" in path.parts):
            continue
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"
