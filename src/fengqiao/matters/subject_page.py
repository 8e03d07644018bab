"""A person's own page: every look at what is held of them in one matter, by day, post and purpose; and their requests.

No name of an officer, no word about the person, nothing of what was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.matters.commands.subject_codes import Found, party_kinds
from fengqiao.matters.delaying import delays, is_told
from fengqiao.matters.links import told_columns
from fengqiao.matters.models import Matter
from fengqiao.matters.photos import LOOKED
from fengqiao.matters.registry import Kind, kind
from fengqiao.people.models import Look, Opening
from fengqiao.people.roles import POST_ROLES, Role

ISSUED = "issued"


class Seen(NamedTuple):
    """Looks of one day alike: by which post, for what, at which kind of data."""

    day: date
    role: str
    purpose: str
    what: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request as its page tells it: `told` are the columns the kind shows to a party."""

    matter: Matter
    says: str
    stage: str
    told: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """`seen` with how often; `destroyed_at`: when the words about the person were destroyed."""

    station: Station
    kind: Kind
    matter: Matter
    seen: list[tuple[Seen, int]]
    requests: list[Request]
    destroyed_at: datetime | None


def subject_page(found: Found, *, at: datetime) -> SubjectPage:
    """What the page of a code that holds tells now."""
    matter = found.matter
    requests = _requests(matter)
    about = {one.pk: kind(one.kind) for one in [matter, *_merged(matter), *(r.matter for r in requests)]}
    counted = Counter(_seen(about, at))
    return SubjectPage(
        station=Station.objects.get(pk=matter.station_id),
        kind=kind(matter.kind),
        matter=matter,
        seen=sorted(counted.items(), reverse=True),
        requests=requests,
        destroyed_at=matter.vault.destroyed_at if matter.vault else None,
    )


def _merged(matter: Matter) -> list[Matter]:
    """The same thing taken in twice is held twice."""
    return list(Matter.objects.filter(merged_into=matter))


def _requests(matter: Matter) -> list[Request]:
    slugs = [page.slug for page in party_kinds()]
    asked = Matter.objects.filter(parent=matter, kind__in=slugs).order_by("-raised_at")
    return [
        Request(one, kind(one.kind).says, kind(one.kind).stage(one.stage).says, told_columns(one))
        for one in asked
    ]


def _seen(about: dict[UUID, Kind], at: datetime) -> Iterator[Seen]:
    held_back = delays(list(about))
    roles = {slug: str(says) for slug, says in POST_ROLES}
    for look in Look.objects.filter(subject__in=about):
        if is_told(look.at, held_back, at=at):
            page = about[look.subject]
            purpose = _("办理“{}”").format(_(page.says)) if look.task else _("写明原因的查看")
            yield Seen(localdate(look.at), roles.get(look.role, ""), purpose, _what(look, page))
    for opening in Opening.objects.filter(subject__in=about):
        if is_told(opening.at, held_back, at=at):
            yield Seen(localdate(opening.at), roles[Role.OFFICER], _("紧急查看"), _("办理记录"))


def _what(look: Look, page: Kind) -> str:
    """The kinds of data, by the names of the columns that were opened."""
    named = {LOOKED: _("照片"), ISSUED: _("文书")}
    named |= {field.attname: _(str(field.verbose_name)) for field in page.detail._meta.concrete_fields}
    words = [named[name] for name in look.columns.split(",") if name in named]
    return " · ".join(words) or _("办理记录")
