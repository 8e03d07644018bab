"""What a browser must load before it shows the desk stays small."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

DIST = Path(__file__).parent.parent / "static/fengqiao/dist"


@pytest.mark.parametrize(("name", "most_kb"), [("desk.css", 16), ("desk.js", 8), ("icons.svg", 12)])
def test_the_built_files_keep_their_budget(name, most_kb):
    built = DIST / name
    if not built.exists():
        pytest.skip("not built: run `make setup`")

    assert len(gzip.compress(built.read_bytes())) <= most_kb * 1024


def test_the_built_files_ask_no_other_host():
    if not DIST.exists():
        pytest.skip("not built: run `make setup`")

    text = "".join(path.read_text("utf-8") for path in DIST.rglob("*") if path.is_file())

    assert "https://" not in text.replace("https://www.w3.org", "")
