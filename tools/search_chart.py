"""`python -m tools.search_chart`: time to contact when all leads are followed at once, against one after the other.

Pure computation from the residents of the demo's sample, seeded; draws docs/pictures/search.svg and prints the
numbers docs/simulation.md quotes.
"""

from __future__ import annotations

from pathlib import Path

from fengqiao.kinds.fraud_alert.search_study import Compared, compared
from tools.curves import Axis, Curve, drawn, share

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "search.svg"
SEED, RESIDENTS = 20220510, 3000


def main() -> None:
    found = compared(seed=SEED, residents=RESIDENTS)
    PICTURE.write_text(picture(found), encoding="utf-8")
    for says, minutes in (("at once", found.at_once), ("one by one", found.one_by_one)):
        print(f"{says}: median {middle(minutes):.1f} min, within 60 min {share(minutes, 60):.1f} %")
    print(f"n {found.searched} searched of {RESIDENTS}, {found.never} never found in either way")


def middle(minutes: list[float]) -> float:
    return minutes[len(minutes) // 2]


def picture(found: Compared) -> str:
    """The share of those who were found, by minutes since 不在常住地 was reported."""
    return drawn(
        Curve(f"几条线索同时查 · 中位 {middle(found.at_once):.0f} 分钟", found.at_once),
        Curve(f"一条一条查 · 中位 {middle(found.one_by_one):.0f} 分钟", found.one_by_one),
        Axis(f"报“不在常住地”之后的分钟数 (n = {found.searched}，模拟)", longest=180, lines=30, points=2),
    )


if __name__ == "__main__":
    main()
