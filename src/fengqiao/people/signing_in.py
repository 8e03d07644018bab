"""Who is at the door: a password, then the digits of the moment, both under the same count of failures."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput
from fengqiao.people.devices import device_digest
from fengqiao.people.models import Person, SignIn
from fengqiao.people.second_factor import spend
from fengqiao.people.throttle import Trial, forget, note_failure, require_turn
from fengqiao.store.scope import say
from fengqiao.store.vault import fingerprint


class NotLetIn(BadInput):
    """One answer for every reason: no such account, wrong password, account ended."""

    code, says = "not_let_in", "登录名或口令不对"


def check_password(*, username: str, password: str, trial: Trial, at: datetime) -> Person:
    """The account these words belong to; says its station.

    Raises NotLetIn (counted) and TooMany. An unknown name costs the same hash as a wrong password.
    """
    require_turn(trial, at=at)
    say(sign_in=username, person="", token="", station="")
    person = Person.objects.select_related("station").filter(username=username).first()
    say(station=person.station_id if person else "", sign_in="")
    if person is None:
        make_password(password)
    elif person.check_password(password) and person.is_active:
        return person
    note_failure(trial, at=at)
    raise NotLetIn


def check_code(person: Person, *, code: str, trial: Trial, at: datetime) -> None:
    """The second step. Raises NotLetIn (counted) and TooMany."""
    require_turn(trial, at=at)
    if not spend(person, code, at=at):
        note_failure(trial, at=at)
        raise NotLetIn(_("验证码不对或已用过"))


def let_in(person: Person, trial: Trial, *, at: datetime) -> None:
    """Every step was passed."""
    forget(trial)
    Person.objects.filter(pk=person.pk).update(last_login=at)


def note_sign_in(person: Person, *, device: str, address: str, at: datetime) -> None:
    """Kept with the logs: from which of one's devices and addresses, by digests that tell two apart."""
    SignIn.objects.create(
        station_id=person.station_id,
        person=person,
        device=device_digest(device),
        address=fingerprint(["signed-in-address", address]),
        at=at,
    )


def person_by_id(person_id: str) -> Person | None:
    """The active account somebody has given the right password of; says its station."""
    say(person=person_id, station="")
    person = Person.objects.select_related("station").filter(pk=person_id, is_active=True).first()
    say(station=person.station_id if person else "", person="")
    return person
