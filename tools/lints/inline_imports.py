"""An import inside a function needs one of two excuses, written beside it: app ready, slow import."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lints.sources import modules, where

EXCUSES = ("app ready", "slow import")


def breaches() -> Iterator[str]:
    for path, tree in modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    continue
                said = "".join(lines[node.lineno - 1 : node.end_lineno])
                if not any(excuse in said for excuse in EXCUSES):
                    yield f"{where(path, node.lineno)}: inline import without an excuse ({', '.join(EXCUSES)})"
