"""The suite's database: real PostgreSQL with the real two roles, embedded unless DATABASE_URL is set."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.database import test_database


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Migrate as the owner, then let the tests run as the application's role."""
    from django.core.management import call_command
    from django.db import connections

    from fengqiao.server.settings import database
    from fengqiao.store.grants import grant

    with test_database(os.environ.get("DATABASE_URL", ""), "test") as urls, django_db_blocker.unblock():
        for alias, url, role in (("owner", urls.owner, ""), ("default", urls.app, urls.role)):
            connections.settings[alias].update(database(url, role=role))
        call_command("migrate", database="owner", verbosity=0, skip_checks=True)
        grant(connections["owner"])
        connections["owner"].close()
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """A request leaves its reader's language behind in the thread; no story inherits it from another."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For stories with several connections: what is written stays. Each such story makes its own station,
    whose wall keeps it from the others; the database is thrown away after the run.
    """
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()
