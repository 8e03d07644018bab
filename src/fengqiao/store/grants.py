"""What the application's login may do to each table, said anew after every migration.

Tables whose model says `append_only = True` may be read and added to, never changed or emptied.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from fengqiao.store.appended import append_only_models

APP_ROLE = "fengqiao_app"


def append_only_tables() -> list[str]:
    return [model._meta.db_table for model in append_only_models()]


def grant(connection: BaseDatabaseWrapper) -> None:
    """Run as the owner; idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}")
        for table in [*append_only_tables(), "django_migrations"]:
            cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APP_ROLE}')
