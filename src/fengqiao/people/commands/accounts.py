"""An account's life: made, described, given a new password, ended. Every change of rights counts up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.people.actors import posts_on
from fengqiao.people.commands.phones import wipe_all_of
from fengqiao.people.leaving import LastAdministrator, require_empty_hands
from fengqiao.people.models import ApiToken, Person, Post
from fengqiao.people.names import as_username
from fengqiao.people.passwords import judge, one_time_password, put
from fengqiao.people.roles import Role
from fengqiao.store.scope import require_transaction


def create_person(
    *,
    station: Station,
    username: str,
    name: str,
    at: datetime,
    phone: str = "",
    password: str = "",
) -> tuple[Person, str]:
    """A new account and, when no password was given, the one-time password to hand over.

    Raises BadInput: the username is not usable or taken, the password is weak.
    """
    require_transaction()
    person = Person(id=uuid7(), station=station, name=name, phone=phone, created_at=at)
    person.username = as_username(username)
    once = "" if password else one_time_password()
    if password:
        judge(password, person, field="password")
    put(person, password or once, at=at, must_change=bool(once))
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        # Another station's accounts are not seen; the unique index knows them.
        raise BadInput.at("username", _("这个登录名已被使用")) from None
    return person, once


def describe(*, person_id: UUID, name: str, phone: str, language: str) -> Person:
    """What an account is called and speaks; changes no rights."""
    person = locked(person_id)
    person.name, person.phone, person.language = name, phone, language
    person.save(update_fields=["name", "phone", "language"])
    return person


def change_password(*, person_id: UUID, old: str, new: str, at: datetime) -> Person:
    """By the person; raises BadInput when the old one is wrong or the new one weak."""
    person = locked(person_id)
    if not person.check_password(old):
        raise BadInput.at("old", _("原口令不对"))
    judge(new, person)
    changed = put(person, new, at=at, must_change=False)
    return rights_changed(person, *changed)


def reset_password(*, person_id: UUID, at: datetime) -> str:
    """By the security administrator: a one-time password, which must be changed at first use."""
    person = locked(person_id)
    if not person.is_active:
        raise BadInput(_("账号已停用"))
    once = one_time_password()
    rights_changed(person, *put(person, once, at=at, must_change=True))
    return once


def reset_second_factor(*, person_id: UUID) -> Person:
    """The authenticator is lost: the password alone signs in until a new one is set up."""
    person = locked(person_id)
    person.totp_secret, person.totp_confirmed_at = "", None
    return rights_changed(person, "totp_secret", "totp_confirmed_at")


def deactivate(*, person_id: UUID, by: Person, at: datetime) -> Person:
    """End the account today: posts end or fall away, keys and password are destroyed, sessions die.

    Raises StillHolds while open matters are the person's, LastAdministrator, BadInput for oneself.
    """
    person = locked(person_id)
    if person.pk == by.pk:
        raise BadInput(_("不能停用自己的账号"))
    require_empty_hands(person.pk)
    day = timezone.localdate(at)
    require_another_administrator(person, at=at)
    running = Post.objects.filter(person=person, voided_at=None)
    running.filter(starts_on__gt=day).update(voided_at=at)
    posts_on(day).filter(person=person).update(ends_on=day)
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    wipe_all_of(person, by=by, at=at)
    person.is_active, person.left_at = False, at
    person.password, person.totp_secret, person.totp_confirmed_at = "", "", None
    return rights_changed(person, "is_active", "left_at", "password", "totp_secret", "totp_confirmed_at")


def reactivate(*, person_id: UUID, at: datetime) -> str:
    """Back after leaving, without posts; gives a one-time password."""
    person = locked(person_id)
    person.is_active, person.left_at = True, None
    once = one_time_password()
    rights_changed(person, "is_active", "left_at", *put(person, once, at=at, must_change=True))
    return once


def locked(person_id: UUID) -> Person:
    """The person, held for this transaction so that two changes cannot pass each other; raises NotFound."""
    require_transaction()
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def rights_changed(person: Person, *columns: str) -> Person:
    """Save the columns and count rights up: every session and token of before is dead."""
    if columns:
        person.save(update_fields=columns)
    Person.objects.filter(pk=person.pk).update(rights_version=F("rights_version") + 1)
    person.refresh_from_db(fields=["rights_version"])
    return person


def require_another_administrator(person: Person, *, at: datetime) -> None:
    """Without a security administrator nobody could ever be appointed again."""
    serving = posts_on(timezone.localdate(at)).filter(role=Role.SECURITY_ADMIN, person__is_active=True)
    holders = set(serving.values_list("person_id", flat=True))
    if holders == {person.pk}:
        raise LastAdministrator
