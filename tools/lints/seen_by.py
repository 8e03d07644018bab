"""At a door, protected rows are read through `seen_by(actor)` and in no other way.

Doors are the rooms desk, field, public, api and each kind's api.py and pages.py. Protected are the
models with a `seen_by`, and those read only through a matter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lints.sources import PACKAGE, modules, where

DOORS = ("desk", "field", "public", "api")
PROTECTED = {"Matter", "Premises"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
NEVER_AT_A_DOOR = {"Event", "Clock", "Visit", "VisitCode", "Look", "Key"}


def breaches() -> Iterator[str]:
    for path, tree in modules():
        if not _is_door(path):
            continue
        for node, name in _managers(tree):
            if name in NEVER_AT_A_DOOR:
                yield f"{where(path, node.lineno)}: {name} is read through a room's queries, not at a door"
            elif name in PROTECTED and not _followed_by_seen_by(tree, node):
                yield f"{where(path, node.lineno)}: {name}.objects without seen_by(actor)"


def _is_door(path: Path) -> bool:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] in DOORS or (parts[0] == "kinds" and path.name in ("api.py", "pages.py"))


def _managers(tree: ast.Module) -> Iterator[tuple[ast.Attribute, str]]:
    """Every `Model.objects` of a protected model, with the model's name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        if node.attr in MANAGERS and node.value.id in PROTECTED | NEVER_AT_A_DOOR:
            yield node, node.value.id


def _followed_by_seen_by(tree: ast.Module, manager: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "seen_by" and node.value is manager
        for node in ast.walk(tree)
    )
