"""Chinese prose has Chinese punctuation (GB/T 15834): no half-width comma, semicolon or colon between two characters.

Judged are the words of pages, scripts, cards and translations, and strings in Python; not patterns, nor tables.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.lints.sources import PACKAGE, ROOT, modules, where

HALF = re.compile("[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
# A regular expression, a table given as text, the arguments of a template filter, an address.
OTHER = re.compile(r"\(\?|\n|\|yesno:|://|^msgid \"是,否")
PLACES = ((PACKAGE, "*.html"), (PACKAGE, "*.po"), (PACKAGE, "*.json"), (ROOT / "web" / "js", "*.js"))


def breaches() -> Iterator[str]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _wrong(node.value):
                yield f"{where(path, node.lineno)}: half-width punctuation in “{node.value[:60]}”"
    for folder, names in PLACES:
        for path in sorted(folder.rglob(names)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if _wrong(line):
                    yield f"{where(path, number)}: half-width punctuation in “{line.strip()[:60]}”"


def _wrong(text: str) -> bool:
    return bool(HALF.search(text)) and not OTHER.search(text)
