"""Showing a code at a door, and checking one. A check is counted on the matter, as an event of the station's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.kit.text import digits
from fengqiao.matters.commands.performing import locked
from fengqiao.matters.commands.recording import call, known, noted, record
from fengqiao.matters.models import Matter, VisitCode
from fengqiao.matters.registry import CODE_CHECKED, kind
from fengqiao.matters.visit_code import DIGITS, digest_of
from fengqiao.people.actors import Actor, machine
from fengqiao.people.charge import post_words
from fengqiao.people.roles import FIELD
from fengqiao.people.throttle import note, require_few
from fengqiao.store.scope import require_transaction, said, say

SCOPE = "visit_code"
WRONG_ONES = 10  # wrong codes from one place in a window, before it has to wait
WINDOW = timedelta(minutes=10)
DRAWS = 8  # a drawn code is taken by another visit about once in (a million / live codes)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Genuine:
    """What is told of a code that holds: the station, the post, what for. Nothing of the matter itself."""

    station: str
    phone: str
    post: str
    purpose: str


def show_code(*, matter_id: UUID, by: Actor, at: datetime) -> VisitCode:
    """The caller's code for this visit: the one still running, else a new one.

    Raises NotFound, Forbidden (only who serves in the field stands at doors) and OutOfTurn.
    """
    require_transaction()
    matter = locked(matter_id, by)
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    if by.person_id is None or not roles & FIELD:
        raise Forbidden(_("核验码由上门的人出示"))
    if not at_door(matter):
        raise OutOfTurn(_("当前环节没有上门，不出示核验码"))
    running = VisitCode.objects.filter(matter=matter, person_id=by.person_id, ends_at__gt=at).first()
    return running or _new(matter, by.person_id, at)


def check_code(*, typed: str, asking: str, at: datetime) -> Genuine | None:
    """Whether a code holds now; None for a wrong one, an ended one, and one whose visit is over alike: the
    same statements are run for all three.

    `asking` is who asks, by address or person: ten wrong codes within ten minutes raise TooMany. BadInput
    for anything but six digits, which counts for nothing.
    """
    require_transaction()
    code = digits(typed)
    if len(code) != DIGITS:
        raise BadInput.at("code", _("请输入 6 位数字"))
    require_few(SCOPE, asking, most=WRONG_ONES, window=WINDOW, at=at)
    home = said("station")
    try:
        found, matter = _found(code, at)
        if found is not None and matter is not None and at_door(matter):
            return _count(found, matter, at)
    finally:
        say(station=home, visit_code="")
    note(SCOPE, asking, at=at)
    return None


def at_door(matter: Matter) -> bool:
    """Whether somebody may be standing at a door for this matter now."""
    declared = kind(matter.kind).at_door
    return declared is not None and matter.is_open and matter.stage in declared.stages


def _new(matter: Matter, person_id: UUID, at: datetime) -> VisitCode:
    VisitCode.objects.filter(ends_at__lte=at, digest__isnull=False).update(digest=None)
    for _draw in range(DRAWS):
        drawn = VisitCode(
            id=uuid7(),
            station_id=matter.station_id,
            matter=matter,
            person_id=person_id,
            post=post_words(person_id, community_id=matter.community_id, at=at),
            issued_at=at,
            ends_at=at + timedelta(minutes=settings.VISIT_CODE_MINUTES),
        )
        drawn.digest = digest_of(drawn.code)
        try:
            with transaction.atomic():
                drawn.save(force_insert=True)
        except IntegrityError:
            # Taken by another visit, perhaps of a station whose rows are not to be seen from here.
            continue
        return drawn
    raise RuntimeError("no free visit code was drawn")


def _found(code: str, at: datetime) -> tuple[VisitCode | None, Matter | None]:
    """The code's row by the knock of its digest, then its matter inside its station; says that station."""
    digest = digest_of(code)
    say(station="", visit_code=digest)
    row = VisitCode.objects.select_for_update().filter(digest=digest, ends_at__gt=at).first()
    say(station=row.station_id if row else "", visit_code="")
    sought = row.matter_id if row else NOBODY
    return row, Matter.objects.select_related("vault").filter(pk=sought).first()


def _count(found: VisitCode, matter: Matter, at: datetime) -> Genuine:
    """Write the check down, at most once a minute, so that a page asked again and again fills no timeline."""
    heard = call(
        by=machine(found.station_id, "群众核验"),
        at=at,
        observed_at=None,
        key=f"code:{found.pk}:{at:%Y%m%d%H%M}",
        content=[str(matter.pk), CODE_CHECKED],
    )
    if known(heard) is None:
        assert matter.vault is not None
        record(noted(matter=matter, vault=matter.vault, act=CODE_CHECKED, call=heard, given={}))
    declared = kind(matter.kind).at_door
    assert declared is not None
    station = Station.objects.get(pk=found.station_id)
    return Genuine(
        station=station.name, phone=station.public_phone, post=found.post, purpose=declared.purpose
    )
