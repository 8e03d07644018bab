"""The two logins and their database, put right at every start; and the URLs that lead to them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import Connection, sql

DATABASE = "fengqiao"
OWNER = "fengqiao_owner"
APP = "fengqiao_app"
MODEST = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")


def url(user: str, password: str, database: str, sockets: Path) -> str:
    """A PostgreSQL URL over a socket directory, which may hold any letters."""
    return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={quote(str(sockets), safe='/')}"


def put_right(admin_url: str, fengqiao_url: str, owner_password: str, app_password: str) -> None:
    """Owner, database, application role. The application's login comes last: who gets in finds all of it.

    `admin_url` and `fengqiao_url` are the superuser's, to the databases `postgres` and `fengqiao`.
    """
    with psycopg.connect(admin_url, autocommit=True) as server:
        _role(server, OWNER, owner_password)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            statement = "CREATE DATABASE {} OWNER {} TEMPLATE template0"
            server.execute(sql.SQL(statement).format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    with psycopg.connect(fengqiao_url) as server:
        _role(server, APP, app_password)
        for statement in GRANTS:
            server.execute(statement)


GRANTS = (
    f"REVOKE ALL ON DATABASE {DATABASE}, postgres, template1 FROM PUBLIC",
    f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    f"GRANT USAGE ON SCHEMA public TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public"
    f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APP}",
)


def _role(server: Connection, name: str, password: str) -> None:
    found = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    # Only the verifier travels, so no log and no statistics view can show the password.
    verifier = server.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("{} ROLE {} WITH {} PASSWORD {}").format(
        sql.SQL("ALTER" if found else "CREATE"), sql.Identifier(name), MODEST, sql.Literal(verifier)
    )
    server.execute(statement)
