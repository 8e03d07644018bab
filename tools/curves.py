"""Two rising lines as a picture of the docs: the share that was found, by how long it took."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 380, 56, 48, 48
INK, MUTED, LINE, FAST, SLOW = "#17202c", "#566376", "#dde3ea", "#1d4f9c", "#b4500f"
KEYS = (24, 370)


@dataclass(frozen=True, slots=True)
class Curve:
    """Sorted values of one way of doing it, and the words of its key."""

    says: str
    values: list[float]


@dataclass(frozen=True, slots=True)
class Axis:
    """The words under it, where it ends, and how far apart its lines and the drawn points are."""

    says: str
    longest: int
    lines: int
    points: int


def share(values: list[float], within: float) -> float:
    """In percent."""
    return 100 * sum(1 for one in values if one <= within) / len(values)


def drawn(fast: Curve, slow: Curve, axis: Axis) -> str:
    grid = "".join(_line(at, axis) for at in range(0, axis.longest + 1, axis.lines))
    marks = "".join(_share(percent) for percent in range(0, 101, 25))
    both = ((fast, FAST, KEYS[0]), (slow, SLOW, KEYS[1]))
    lines = "".join(_curve(one.values, colour, axis) for one, colour, _x in both)
    key = "".join(_key(x, colour, one.says) for one, colour, x in both)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{grid}{marks}{lines}{key}'
        f'<text x="{WIDTH - 16}" y="{HEIGHT - 8}" text-anchor="end" fill="{MUTED}">'
        f"{axis.says}</text></svg>\n"
    )


def _x(at: float, axis: Axis) -> float:
    return LEFT + (WIDTH - LEFT - 16) * at / axis.longest


def _y(percent: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * percent / 100


def _line(at: int, axis: Axis) -> str:
    x = _x(at, axis)
    return (
        f'<path d="M{x:.1f} {_y(0)}V{_y(100)}" stroke="{LINE}"/>'
        f'<text x="{x:.1f}" y="{_y(0) + 18}" text-anchor="middle" fill="{MUTED}">{at}</text>'
    )


def _share(percent: int) -> str:
    y = _y(percent)
    return (
        f'<path d="M{LEFT} {y:.1f}H{WIDTH - 16}" stroke="{LINE}"/>'
        f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{MUTED}">{percent}%</text>'
    )


def _curve(values: list[float], colour: str, axis: Axis) -> str:
    points = [(at, share(values, at)) for at in range(0, axis.longest + 1, axis.points)]
    path = "L".join(f"{_x(at, axis):.1f} {_y(percent):.1f}" for at, percent in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def _key(x: int, colour: str, says: str) -> str:
    return (
        f'<path d="M{x} 24h28" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{x + 36}" y="29" fill="{INK}" font-size="15">{says}</text>'
    )
