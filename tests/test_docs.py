"""The documents keep to what is there: pictures exist, commands parse, settings are the ones that are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from fengqiao.matters.keeping import lives_said
from fengqiao.server.checkup import ENVIRONMENT
from fengqiao.server.cli import parser
from fengqiao.store import dictionary

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
EXAMPLE = ROOT / "docs" / "examples" / "lost_property"
# Said between processes of the program itself; no operator sets them.
INTERNAL = {"FENGQIAO_APP_URL", "FENGQIAO_OWNER_URL", "FENGQIAO_APP_ROLE", "FENGQIAO_POOLED"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_picture_is_there(page: Path):
    shown = re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))

    assert [picture for picture in shown if not (page.parent / picture).exists()] == []


def commands() -> list[str]:
    found = set()
    for page in PAGES:
        blocks = re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        lines = re.findall(r"^(?:\.venv/bin/)?fengqiao ([a-z][^#\n]*)", "\n".join(blocks), re.MULTILINE)
        found |= {line.strip() for line in lines}
    return sorted(found)


@pytest.mark.parametrize("words", commands())
def test_every_command_shown_is_understood(words: str):
    assert parser().parse_args(shlex.split(words)).run


def test_the_settings_told_are_the_settings_read():
    read = set()
    for path in (ROOT / "src" / "fengqiao").rglob("*.py"):
        if "tests" not in path.parts and path.name != "checkup.py":
            read |= set(
                re.findall(r'"(FENGQIAO_[A-Z_]+|DATABASE_[A-Z_]+|PORT)"', path.read_text(encoding="utf-8"))
            )

    assert set(ENVIRONMENT) == read - INTERNAL - {"FENGQIAO_"}


def test_the_operators_table_lists_every_setting():
    told = re.findall(
        r"^\| `([A-Z_]+)` \|", (ROOT / "docs/guide/operator.md").read_text("utf-8"), re.MULTILINE
    )

    assert told == list(ENVIRONMENT)


def test_the_example_shown_is_the_example_that_runs():
    text = (ROOT / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
    shown = [
        line.strip()
        for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
    ]
    runs = "\n".join(path.read_text(encoding="utf-8") for path in EXAMPLE.rglob("*.py"))

    assert [line for line in shown if line and line not in runs] == []


def test_the_dictionary_shown_is_the_dictionary_declared():
    """Stale: write it anew with `fengqiao dictionary --markdown > docs/data-dictionary.md`."""
    shown = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")

    assert shown == dictionary.markdown(lives_said()) + "\n"
