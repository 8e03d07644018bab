"""Run the house's own lints; each prints what it found, and any finding fails."""

from __future__ import annotations

import sys

from tools.lints import (
    budgets,
    english,
    inline_imports,
    kind_choices,
    one_writer,
    punctuation,
    seen_by,
    standing_alone,
)

LINTS = (budgets, inline_imports, seen_by, one_writer, kind_choices, english, punctuation, standing_alone)


def main() -> int:
    found = [f"{lint.__name__.rsplit('.', 1)[1]}: {says}" for lint in LINTS for says in lint.breaches()]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
