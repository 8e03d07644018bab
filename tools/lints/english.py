"""Every Chinese sentence of the interface has its English; a missing one is named.

Found are `_("…")` and `gettext_lazy` calls in Python, and `translate` and `blocktranslate` in templates.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.lints.sources import PACKAGE, modules
from tools.words import entries

TRANSLATED = re.compile(r'\{%\s*translate\s+"([^"]+)"')
ARGUMENT = re.compile(r'_\("([^"]+)"\)')
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*(?:plural|endblocktranslate)", re.DOTALL)


def breaches() -> Iterator[str]:
    known = {key.split("\0")[0] for po in PACKAGE.rglob("*.po") for key, _ in entries(po)}
    for path, words in [*_in_python(), *_in_templates()]:
        if words not in known and any("\u4e00" <= char <= "\u9fff" for char in words):
            yield f"{path.relative_to(PACKAGE)}: no English for “{words}”"


def _in_python() -> Iterator[tuple[Path, str]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                said = node.func.id in ("_", "gettext", "gettext_lazy")
                if said and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield path, first.value


def _in_templates() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for pattern in (TRANSLATED, ARGUMENT):
            yield from ((path, words) for words in pattern.findall(text))
        for words in BLOCK.findall(text):
            yield path, re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", words)
