"""Every sentence of this room has its English."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from fengqiao.kit.problems import Problem

ROOM = Path(__file__).parent.parent
SAID = re.compile(r'(?:translate |_\(|gettext_lazy\()\s*"((?:[^"\\]|\\.)+)"')
SAMPLES = {"design.html", "showcase.py"}  # sample data of the style page stays Chinese


def test_every_sentence_is_in_the_catalogue():
    known = said_in_english(ROOM)
    sources = [*ROOM.glob("*.py"), *ROOM.glob("templatetags/*.py"), *ROOM.rglob("*.html")]

    said = {
        words
        for path in sources
        if path.name not in SAMPLES
        for words in SAID.findall(path.read_text("utf-8"))
    }
    assert said - known == set()


def test_every_problem_is_in_the_catalogue_of_some_room():
    known = set().union(*(said_in_english(room.parents[3]) for room in ROOM.parent.rglob("django.po")))

    assert {problem.says for problem in Problem.__subclasses__()} - known == set()


def said_in_english(room: Path) -> set[str]:
    with (room / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.string}
