"""Matters, their clocks and events are written in the room `matters` and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lints.sources import PACKAGE, modules, where

KEPT = {"Matter", "Clock", "Event", "Visit", "VisitCode"}
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}


def breaches() -> Iterator[str]:
    for path, tree in modules():
        if path.relative_to(PACKAGE).parts[0] == "matters":
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in WRITES
            ):
                names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
                if names & KEPT:
                    yield f"{where(path, node.lineno)}: only matters.commands writes {', '.join(names & KEPT)}"
