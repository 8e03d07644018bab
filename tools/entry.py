"""Let the venv find this checkout's package, and put the `fengqiao` command into it; nothing is copied."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """import sys

from fengqiao.server.cli import main

sys.exit(main())
"""
# A shebang cannot hold a path with spaces: sh finds the interpreter beside the script.
BY_SHELL = "#!/bin/sh\n'''exec' \"$(dirname \"$0\")/python\" \"$0\" \"$@\"\n' '''\n"


def main() -> None:
    packages = Path(sysconfig.get_paths()["purelib"])
    (packages / "fengqiao-checkout.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    target = Path(sys.executable).parent / "fengqiao"
    target.write_text(BY_SHELL + SCRIPT, encoding="utf-8")
    target.chmod(0o755)


if __name__ == "__main__":
    main()
