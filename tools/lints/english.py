"""Every Chinese sentence of the interface has its English; a missing one is named.

Found are `_("…")` and `gettext_lazy` calls in Python, `translate` and `blocktranslate` in templates, `t("…")` in the
phone's scripts, and its cards. A Chinese word of those scripts outside of `t()` is named, too.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from tools.lints.sources import PACKAGE, ROOT, modules
from tools.words import entries

TRANSLATED = re.compile(r'\{%\s*translate\s+"([^"]+)"')
ARGUMENT = re.compile(r'_\("([^"]+)"\)')
CHINESE = re.compile("[\u4e00-\u9fff]")
SCRIPTS = ROOT / "web" / "js" / "field"
SAID = re.compile(r'(?<![\w.])t\("([^"]*)"')
# What goes into the record is Chinese, whatever language the phone speaks.
RECORDED = re.compile(r"given = \{ note:|^const RECORD = ")
BLOCK = re.compile(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*(?:plural|endblocktranslate)", re.DOTALL)


def breaches() -> Iterator[str]:
    known = {key.split("\0")[0] for po in PACKAGE.rglob("*.po") for key, _ in entries(po)}
    for path, words in [*_in_python(), *_in_templates(), *_in_cards()]:
        if words not in known and CHINESE.search(words):
            yield f"{path.relative_to(PACKAGE)}: no English for “{words}”"
    yield from _in_scripts(known)


def _in_cards() -> Iterator[tuple[Path, str]]:
    path = PACKAGE / "field" / "cards.json"
    for card in json.loads(path.read_text(encoding="utf-8")):
        for words in (card["says"], card["basis"], card["abort"], *(step["says"] for step in card["steps"])):
            yield path, words


def _in_scripts(known: set[str]) -> Iterator[str]:
    for path in sorted(SCRIPTS.glob("*.js")):
        for line in path.read_text(encoding="utf-8").splitlines():
            code = "" if line.lstrip().startswith("//") else line.partition("; //")[0]
            for words in SAID.findall(code):
                if words not in known:
                    yield f"{path.name}: no English for “{words}”"
            if CHINESE.search(SAID.sub("", code)) and not RECORDED.search(code):
                yield f"{path.name}: said without t(): {code.strip()[:80]}"


def _in_python() -> Iterator[tuple[Path, str]]:
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                said = node.func.id in ("_", "gettext", "gettext_lazy")
                if said and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield path, first.value


def _in_templates() -> Iterator[tuple[Path, str]]:
    """Django looks a template's words up with every per cent sign doubled."""
    for path in sorted(PACKAGE.rglob("*.html")):
        text = re.sub(r"(?<!\{)%(?!\})", "%%", path.read_text(encoding="utf-8"))
        for pattern in (TRANSLATED, ARGUMENT):
            yield from ((path, words) for words in pattern.findall(text))
        for words in BLOCK.findall(text):
            yield path, re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", words)
