"""`make burden`: measure the journeys of tests/burden anew and write docs/guide/burden.md."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "guide" / "burden.md"
WORDS = """# 办一件事要点几下

每次测试都在真实的浏览器里把最常做的事做一遍，数手指点了几下、按了几个键；超过上限(`tests/burden/budget.json`)测试就不通过。
拍一张照片算三下：打开相机、快门、确认。汉字按字数算，不算拼音。“秒”是机器不停手连点用的时间，也就是人要等程序的时间，不算人看和想的时间。
这张表由 `make burden` 写成。

"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "table.md"
        environment = {**os.environ, "FENGQIAO_TEST_BURDEN": str(told)}
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/burden"]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if told.exists():
            table = told.read_text(encoding="utf-8")
            sys.stdout.write(table)
            if code == 0:
                PAGE.write_text(WORDS + table, encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
