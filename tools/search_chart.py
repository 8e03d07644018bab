"""`python -m tools.search_chart`: time to contact when all leads are followed at once, against one after the other.

Pure computation from the residents of the demo's sample, seeded; draws docs/pictures/search.svg and prints the
numbers docs/simulation.md quotes.
"""

from __future__ import annotations

from pathlib import Path

from fengqiao.kinds.fraud_alert.search_study import Compared, compared

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "search.svg"
SEED, RESIDENTS = 20220510, 3000
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, LONGEST = 720, 380, 56, 48, 48, 180
INK, MUTED, LINE, FAST, SLOW = "#17202c", "#566376", "#dde3ea", "#1d4f9c", "#b4500f"


def main() -> None:
    found = compared(seed=SEED, residents=RESIDENTS)
    PICTURE.write_text(drawn(found), encoding="utf-8")
    for says, minutes in (("at once", found.at_once), ("one by one", found.one_by_one)):
        print(f"{says}: median {middle(minutes):.1f} min, within 60 min {share(minutes, 60):.1f} %")
    print(f"n {found.searched} searched of {RESIDENTS}, {found.never} never found in either way")


def middle(minutes: list[float]) -> float:
    return minutes[len(minutes) // 2]


def share(minutes: list[float], within: float) -> float:
    return 100 * sum(1 for one in minutes if one <= within) / len(minutes)


def drawn(found: Compared) -> str:
    """Two rising lines: the share of those who were found, by minutes since 不在常住地 was reported."""
    grid = "".join(_line(minute) for minute in range(0, LONGEST + 1, 30))
    marks = "".join(_share(percent) for percent in range(0, 101, 25))
    lines = _curve(found.at_once, FAST) + _curve(found.one_by_one, SLOW)
    key = _key(24, FAST, f"几条线索同时查 · 中位 {middle(found.at_once):.0f} 分钟")
    key += _key(370, SLOW, f"一条一条查 · 中位 {middle(found.one_by_one):.0f} 分钟")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{grid}{marks}{lines}{key}'
        f'<text x="{WIDTH - 16}" y="{HEIGHT - 8}" text-anchor="end" fill="{MUTED}">'
        f"报“不在常住地”之后的分钟数 (n = {found.searched}, 模拟)</text></svg>\n"
    )


def _x(minute: float) -> float:
    return LEFT + (WIDTH - LEFT - 16) * minute / LONGEST


def _y(percent: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * percent / 100


def _line(minute: int) -> str:
    x = _x(minute)
    return (
        f'<path d="M{x:.1f} {_y(0)}V{_y(100)}" stroke="{LINE}"/>'
        f'<text x="{x:.1f}" y="{_y(0) + 18}" text-anchor="middle" fill="{MUTED}">{minute}</text>'
    )


def _share(percent: int) -> str:
    y = _y(percent)
    return (
        f'<path d="M{LEFT} {y:.1f}H{WIDTH - 16}" stroke="{LINE}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{MUTED}">{percent}%</text>'
    )


def _curve(minutes: list[float], colour: str) -> str:
    points = [(minute, share(minutes, minute)) for minute in range(0, LONGEST + 1, 2)]
    path = "L".join(f"{_x(minute):.1f} {_y(percent):.1f}" for minute, percent in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def _key(x: int, colour: str, says: str) -> str:
    return (
        f'<path d="M{x} 24h28" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{x + 36}" y="29" fill="{INK}" font-size="15">{says}</text>'
    )


if __name__ == "__main__":
    main()
