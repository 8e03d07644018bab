"""A throw-away database for one run of the suite, with the owner's and the application's roles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Urls:
    owner: str
    app: str
    role: str


@contextmanager
def test_database(url: str, name: str) -> Iterator[Urls]:
    """On the server behind `url` when given, else on an embedded one made for this run."""
    if url:
        with _fresh_on(url, f"fengqiao_{name}_{os.getpid()}") as urls:
            yield urls
        return
    from fengqiao.server.embedded.for_tests import cluster_for_tests

    with cluster_for_tests() as database:
        yield Urls(owner=database.owner_url, app=database.app_url, role="")


@contextmanager
def _fresh_on(url: str, name: str) -> Iterator[Urls]:
    with psycopg.connect(url, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'fengqiao_app'").fetchone():
            server.execute("CREATE ROLE fengqiao_app NOLOGIN")
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            parts = urlsplit(url)
            own = urlunsplit(parts._replace(path=f"/{name}"))
            yield Urls(owner=own, app=own, role="fengqiao_app")
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
