"""As root in directories nobody else may enter, and as an ordinary user in a private home."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.embedded.account import account_for
from fengqiao.server.embedded.binaries import (
    INSTALLATION,
    PACKAGE,
    Binaries,
    reachable_binaries,
    wheel_binaries,
)
from fengqiao.server.home import Home
from fengqiao.server.tests.conftest import SOURCE, can_sign_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"),
]

ORDINARY = """
import sys
from pathlib import Path
from fengqiao.server.embedded import EmbeddedPostgres
from fengqiao.server.home import Home
with EmbeddedPostgres(Home(Path(sys.argv[1]))) as postgres:
    print(postgres.mine, postgres.place.root, postgres.place.account.identity)
"""


def test_a_home_only_root_may_enter_keeps_its_cluster_outside(ground: Path) -> None:
    closed = ground / "root"
    closed.mkdir(mode=0o700)
    home, outside = Home(closed / "数据"), ground / "outside"

    with EmbeddedPostgres(home, outside=outside) as first, psycopg.connect(first.owner_url) as owner:
        owner.execute("CREATE TABLE kept ()")
    with EmbeddedPostgres(home, outside=outside) as again, psycopg.connect(again.app_url) as app:
        app.execute("SELECT FROM kept")

    assert first.place.root.parent == outside
    assert again.place == first.place
    assert closed.stat().st_mode & 0o777 == 0o700


def test_what_an_erased_home_left_outside_is_not_taken_over(ground: Path) -> None:
    closed = ground / "root"
    closed.mkdir(mode=0o700)
    home, outside = Home(closed / "home"), ground / "outside"
    with EmbeddedPostgres(home, outside=outside) as first:
        pass
    shutil.rmtree(home.root)

    with EmbeddedPostgres(home, outside=outside) as second:
        assert can_sign_in(second.app_url)

    assert second.place.root != first.place.root
    assert first.place.cluster.exists()


def test_programs_only_root_may_enter_are_copied(ground: Path) -> None:
    closed = ground / "venv"
    wheel = wheel_binaries()
    shutil.copytree(wheel.root, closed / PACKAGE / INSTALLATION, symlinks=True)
    libraries = wheel.root.parent.parent / f"{PACKAGE}.libs"
    shutil.copytree(libraries, closed / libraries.name)
    closed.chmod(0o700)
    shut = Binaries(closed / PACKAGE / INSTALLATION)
    account = account_for(Path("/nonexistent"))

    found = reachable_binaries(shut, account, ground / "outside")

    assert not shut.runs_as(account)
    assert found.runs_as(account)
    assert reachable_binaries(shut, account, ground / "outside") == found


def test_an_ordinary_user_in_a_private_home(ground: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    private = ground / "家 目录"
    private.mkdir(mode=0o700)
    os.chown(private, nobody.pw_uid, nobody.pw_gid)
    paths = os.pathsep.join([str(SOURCE), *(path for path in sys.path if "site-packages" in path)])

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        for python in (sys.executable, "/usr/bin/python3"):
            try:
                return subprocess.run(
                    [python, "-c", *arguments],
                    env={"PYTHONPATH": paths, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
                    cwd="/",
                    capture_output=True,
                    text=True,
                    user=nobody.pw_uid,
                    group=nobody.pw_gid,
                    extra_groups=[],
                )
            except PermissionError:
                continue
        pytest.skip("no Python which an ordinary user may run")

    if run("import psycopg").returncode != 0:
        pytest.skip("no Python with our packages which an ordinary user may run")

    ran = run(ORDINARY, str(private / "home"))

    assert ran.stdout.strip() == f"True {private}/home/pg {{}}", ran.stderr
    assert {path.stat().st_uid for path in private.rglob("*")} == {nobody.pw_uid}
