"""`python -m tools.revisits_chart`: how long hazards stand unseen, by the adaptive rule and by rounds of the grade alone.

Pure computation, seeded; draws docs/pictures/revisits.svg and prints the numbers docs/simulation.md quotes.
"""

from __future__ import annotations

from pathlib import Path

from fengqiao.kinds.inspection.revisit_study import Compared, compared
from tools.curves import Axis, Curve, drawn, share

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "revisits.svg"
SEED, PLACES = 20220510, 3000


def main() -> None:
    found = compared(seed=SEED, places=PLACES)
    PICTURE.write_text(picture(found), encoding="utf-8")
    for says, way in (("adaptive", found.adaptive), ("by grade", found.by_grade)):
        print(
            f"{says}: {way.visits:,} visits, mean {way.mean:.1f} days, within 60 days {share(way.unseen, 60):.1f} %"
        )
    print(f"n {len(found.adaptive.unseen):,} hazards at {PLACES:,} places")


def picture(found: Compared) -> str:
    """The share of the hazards that was found, by days since each arose."""
    return drawn(
        Curve(f"按本处历史调整 · 平均 {found.adaptive.mean:.1f} 天", found.adaptive.unseen),
        Curve(f"只按等级 · 平均 {found.by_grade.mean:.1f} 天", found.by_grade.unseen),
        Axis(
            f"隐患出现后多少天被发现 (检查次数相同，n = {len(found.adaptive.unseen):,}，模拟)",
            longest=90,
            lines=15,
            points=1,
        ),
    )


if __name__ == "__main__":
    main()
