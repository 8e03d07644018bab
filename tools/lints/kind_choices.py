"""`Matter.kind` has no choices: the registry is the truth, and a new kind needs no migration elsewhere.

And no room below the kinds names one: a slug in the kernel would be a special case in disguise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lints.sources import PACKAGE, modules, where


def breaches() -> Iterator[str]:
    slugs = {path.parent.name for path in (PACKAGE / "kinds").glob("*/apps.py")}
    for path, tree in modules():
        if path.relative_to(PACKAGE).parts[0] == "kinds":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in slugs:
                yield f"{where(path, node.lineno)}: names the kind {node.value}"
