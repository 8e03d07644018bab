"""A second kind in one folder: it works through every door, and no file outside the folder changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "lost_property"
# What the second house is asked, in a process of its own with its own database.
PROBE = ROOT / "tests" / "second_kind_probe.py"

pytestmark = pytest.mark.slow


def fingerprint(package: Path, *, without: str) -> dict[str, str]:
    return {
        str(path.relative_to(package)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(package.rglob("*.py"))
        if without not in path.parts and "__pycache__" not in path.parts
    }


def test_a_kind_is_one_folder(tmp_path: Path):
    package = ROOT / "src" / "fengqiao"
    house = tmp_path / "src" / "fengqiao"
    shutil.copytree(package, house, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(EXAMPLE, house / "kinds" / "lost_property")

    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(PROBE)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'src'}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "breaches": [],
        "pending_migrations": False,
        "walled": True,
        "raised": "kept",
        "form_asks": ["物品", "社区", "拾得人电话"],
        "stage_after_giving_back": "given_back",
        "outcome": "given_back",
        "in_catalogue": True,
        "figure": "1/1",
    }
    assert fingerprint(house, without="lost_property") == fingerprint(package, without="lost_property")
