"""Where the public facts lie that some tests check against; those tests are skipped where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).parents[5] / "shared" / "data"


def shared(name: str) -> Path:
    """A file or folder of the shared data; skips the test, saying so, where there is none."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no shared data: {name}")
    return path
