"""Finding the kinds by their folders, so that adding one changes no list anywhere."""

from __future__ import annotations

from pathlib import Path

KINDS = Path(__file__).resolve().parent.parent / "kinds"


def kind_names() -> list[str]:
    """Names of the folders under kinds/ that hold a Django app, sorted."""
    return sorted(path.parent.name for path in KINDS.glob("*/apps.py"))


def kind_modules(part: str) -> list[str]:
    """Dotted names of the kinds' modules of that name (`api`, `pages`), where the kind has one."""
    return [
        f"fengqiao.kinds.{name}.{part}" for name in kind_names() if (KINDS / name / f"{part}.py").exists()
    ]
