"""The data directory and the secrets in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fengqiao.server.cannot_start import CannotStart
from fengqiao.server.home import MASTER_KEY, Home


def test_a_secret_is_made_once_and_for_us_alone(fresh_home: Home) -> None:
    first, second = fresh_home.secret("django_secret_key"), fresh_home.secret("django_secret_key")

    assert first == second
    assert len(first) == 64
    assert (fresh_home.root / "secrets" / "django_secret_key").stat().st_mode & 0o777 == 0o600


def test_two_homes_share_no_secret(ground: Path) -> None:
    one, other = (Home(ground / name).secret(MASTER_KEY) for name in ("one", "other"))

    assert one != other


def test_many_at_once_get_the_same_secret(fresh_home: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: fresh_home.secret("owner_password"), range(32)))

    assert len(found) == 1
    assert [path.name for path in (fresh_home.root / "secrets").iterdir()] == ["owner_password"]


def test_an_empty_secret_is_not_replaced(fresh_home: Home) -> None:
    fresh_home.secret(MASTER_KEY)
    (fresh_home.root / "secrets" / MASTER_KEY).write_text("")

    with pytest.raises(CannotStart, match="备份"):
        fresh_home.secret(MASTER_KEY)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"FENGQIAO_HOME": "/data/海尾 所"}, "/data/海尾 所"),
        ({"FENGQIAO_HOME": ""}, None),
        ({}, None),
    ],
)
def test_where_the_home_is(environ: dict[str, str], expected: str | None) -> None:
    checkout = Path(__file__).resolve().parents[4]

    assert Home.find(environ).root == Path(expected or checkout / ".fengqiao")


def test_outside_a_checkout_it_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fengqiao.server.home.PACKAGE", Path("/usr/lib/python3/site-packages/fengqiao"))

    assert Home.find({"XDG_DATA_HOME": "/x"}).root == Path("/x/fengqiao")
    assert Home.find({}).root == Path.home() / ".fengqiao"


def test_a_place_that_cannot_be_written_is_named(ground: Path) -> None:
    (ground / "file").write_text("")

    with pytest.raises(CannotStart, match="FENGQIAO_HOME"):
        Home(ground / "file" / "home").make()
