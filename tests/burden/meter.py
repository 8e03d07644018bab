"""Counts what a hand does on a page: taps and keys that are real events, not what a script puts into fields."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BUDGET = Path(__file__).with_name("budget.json")
# Waiting is judged only far beyond its budget: machines that run tests are busy.
FAR = 5
# Counted in the page's session, so that it outlives every page of a journey. A character counts once,
# whatever the keyboard takes for it; a key that writes none (Enter, Tab) counts too.
COUNT = """(() => {
  const add = (name, many) => (sessionStorage[name] = Number(sessionStorage[name] ?? 0) + many);
  const real = (type, counted) => addEventListener(type, event => event.isTrusted && counted(event), true);
  real('pointerdown', () => add('burden-taps', 1));
  real('beforeinput', event => add('burden-keys', event.data?.length ?? 1));
  real('keydown', event => event.key.length > 1 && !/Backspace|Delete|Unidentified|Process/.test(event.key) && add('burden-keys', 1));
})()"""
READ = "['burden-taps', 'burden-keys'].map(name => { const found = Number(sessionStorage[name] ?? 0); sessionStorage.removeItem(name); return found; })"


@dataclass
class Burden:
    """`taps` and `keys` by hand; `seconds` from the first tap to the last answer, by a driver that never thinks."""

    taps: int = 0
    keys: int = 0
    seconds: float = 0


@dataclass
class Meter:
    """One person at one screen; `spent` tells every journey by its name."""

    page: Any
    spent: dict[str, Burden] = field(default_factory=dict)
    unseen: int = 0

    def __post_init__(self) -> None:
        self.page.context.add_init_script(COUNT)

    @contextmanager
    def journey(self, name: str) -> Iterator[None]:
        self.page.evaluate(READ)
        self.unseen, began = 0, time.monotonic()
        yield
        seconds = time.monotonic() - began
        taps, keys = self.page.evaluate(READ)
        self.spent[name] = Burden(taps + self.unseen, keys, round(seconds, 1))

    def write(self, field_found: Any, text: str) -> None:
        """As a thumb does: into the field, then letter by letter."""
        field_found.click()
        field_found.press_sequentially(text)

    def choose(self, field_found: Any, value: str) -> None:
        """The browser's own list of choices tells no page of its taps: it is opened, and one is tapped."""
        field_found.select_option(value)
        self.unseen += 2

    def photograph(self, label: Any, picture: Path) -> None:
        """The camera opens at a tap; its shutter and its tick are taps outside the page."""
        with self.page.expect_file_chooser() as opened:
            label.click()
        opened.value.set_files(picture)
        self.unseen += 2


def over(spent: dict[str, Burden], budget: dict[str, dict[str, float]]) -> list[str]:
    """What goes beyond the budget, in words; a journey without a budget, too."""
    found = []
    for name, burden in spent.items():
        allowed = budget.get(name)
        if allowed is None:
            found.append(f"{name}: no budget in {BUDGET.name}")
            continue
        hand = burden.taps + burden.keys
        if hand > allowed["taps"]:
            found.append(f"{name}: {burden.taps} taps and {burden.keys} keys, allowed {allowed['taps']}")
        if burden.seconds > FAR * allowed["seconds"]:
            found.append(f"{name}: {burden.seconds} s, far beyond {allowed['seconds']} s")
    return found


def budgeted() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(BUDGET.read_text(encoding="utf-8"))
    return found


def table(spent: dict[str, Burden], budget: dict[str, dict[str, float]]) -> str:
    """As a page of the guide shows it."""
    rows = ["| 做一件事 | 点按 | 按键 | 合计上限 | 秒(机器连点) |", "|---|--:|--:|--:|--:|"]
    for name, burden in spent.items():
        allowed = budget.get(name, {}).get("taps", "")
        rows.append(f"| {name} | {burden.taps} | {burden.keys} | {allowed} | {burden.seconds} |")
    return "\n".join(rows)
