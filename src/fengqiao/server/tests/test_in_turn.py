"""More come at once than the database has connections for: told to come again, and then served."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def one_connection(committed: None) -> Iterator[None]:
    """A pool of one, as the web process has one of many."""
    connection.close()
    connection.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 0.3}
    yield
    connection.close()
    connection.close_pool()
    del connection.settings_dict["OPTIONS"]["pool"]


def test_whoever_waits_too_long_is_told_to_come_again(one_connection: None):
    with ThreadPoolExecutor(1) as busy:
        # Each thread has a connection of its own behind this name.
        busy.submit(lambda: connection.ensure_connection()).result()
        call = Client().get("/api/v1/field/slice")
        page = Client().get("/sign-in")
        alive = Client().get("/healthz")
        busy.submit(lambda: connection.close()).result()
    after = Client().get("/sign-in")

    assert [answer.status_code for answer in (call, page, alive, after)] == [503, 503, 200, 200]
    assert (call.json()["code"], call.headers["Retry-After"]) == ("busy", "5")
    assert "没有记录任何内容" in page.content.decode()
