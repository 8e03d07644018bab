"""Keys to the API: shown once, stored as a digest, dead with any change of their person's rights."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connection

from fengqiao.kit.problems import NotFound
from fengqiao.people.models import ApiToken, Person
from fengqiao.store.scope import require_transaction, say

PREFIX = "fq_"
LIFE = timedelta(days=365)


def issue_token(*, person: Person, name: str, at: datetime, life: timedelta = LIFE) -> str:
    """A new token in plain words; nobody can read it again."""
    require_transaction()
    plain = PREFIX + secrets.token_urlsafe(30)
    ApiToken.objects.create(
        station_id=person.station_id,
        person=person,
        name=name,
        digest=_digest(plain),
        rights_version=person.rights_version,
        created_at=at,
        expires_at=at + life,
    )
    return plain


def revoke_token(*, token_id: int, person: Person, at: datetime) -> None:
    """At once; raises NotFound when the token is not this person's."""
    require_transaction()
    held = ApiToken.objects.filter(pk=token_id, person=person)
    if not held.exists():
        raise NotFound
    held.filter(revoked_at=None).update(revoked_at=at)


# Written out: every request of the API asks both. Whose token it is says the station too.
_HELD = """
    SELECT person_id, rights_version, set_config('app.station', station_id::text, true) FROM people_apitoken
    WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
"""
_COLUMNS = [field.attname for field in Person._meta.concrete_fields]
_PERSON = (
    f"SELECT {', '.join(_COLUMNS)} FROM people_person WHERE id = %s AND is_active AND rights_version = %s"  # noqa: S608
)


def holder(plain: str, *, at: datetime) -> Person | None:
    """Whose live token this is; says their station. Three statements."""
    digest = _digest(plain)
    say(token=digest, station="", person="", sign_in="")
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [digest, at])
        held = cursor.fetchone()
        if held is None:
            return None
        cursor.execute(_PERSON, held[:2])
        found = cursor.fetchone()
    return found and Person.from_db(DEFAULT_DB_ALIAS, _COLUMNS, found)


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
