"""Keys to the API: shown once, stored as a digest, dead with any change of their person's rights."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

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


def holder(plain: str, *, at: datetime) -> Person | None:
    """Whose live token this is; says their station. Four statements."""
    say(token=_digest(plain), station="", person="", sign_in="")
    live = Q(expires_at=None) | Q(expires_at__gt=at)
    token = ApiToken.objects.filter(live, digest=_digest(plain), revoked_at=None).first()
    if token is None:
        return None
    say(station=token.station_id)
    same = Person.objects.select_related("station").filter(
        pk=token.person_id, is_active=True, rights_version=token.rights_version
    )
    return same.first()


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
