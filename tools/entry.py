"""Put the `fengqiao` command into the venv: it runs the sources of this checkout, nothing is copied."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """#!{python}
import sys

sys.path.insert(0, {src!r})
from fengqiao.server.cli import main

sys.exit(main())
"""


def main() -> None:
    target = Path(sys.executable).parent / "fengqiao"
    python, src = Path(sys.executable), str(ROOT / "src")
    # A shebang cannot hold a path with spaces: let sh find the interpreter beside the script.
    if " " in str(python) or len(str(python)) > 120:
        head = "#!/bin/sh\n'''exec' \"$(dirname \"$0\")/python\" \"$0\" \"$@\"\n' '''\n"
        text = head + SCRIPT.split("\n", 1)[1].format(src=src)
    else:
        text = SCRIPT.format(python=python, src=src)
    target.write_text(text, encoding="utf-8")
    target.chmod(0o755)


if __name__ == "__main__":
    main()
