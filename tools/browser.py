"""A Chromium for the browser tests: found if there, installed from Debian's packages in CI, else said to be missing."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")


def chromium() -> str | None:
    """The program's path, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    if chromium():
        return
    wanted = os.environ.get("CI") == "true" or os.environ.get("FENGQIAO_INSTALL_BROWSER") == "1"
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", *words], env=environment, check=False, stdout=subprocess.DEVNULL)
    if not chromium():
        print("No Chromium found: browser tests will be skipped (install `chromium` to run them).")


if __name__ == "__main__":
    main()
