"""What the database is asked again and again it plans once."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_statement_asked_again_and_again_is_prepared():
    with connection.cursor() as cursor:
        for number in range(7):
            cursor.execute("SELECT count(*) FROM matters_matter WHERE version = %s", [number])
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%matters_matter%'")
        (prepared,) = cursor.fetchone()

    assert prepared == 1
