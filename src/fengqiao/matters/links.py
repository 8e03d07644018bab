"""Reading links: those a matter has, and what a party sees by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.evidence.models import Photo
from fengqiao.ground.models import Station
from fengqiao.kit.documents import Block
from fengqiao.matters.commands.links import Followed, shown
from fengqiao.matters.models import Matter, PartyLink
from fengqiao.matters.photos import shown_to_party
from fengqiao.matters.queries import allowed_acts
from fengqiao.matters.registry import Act, kind
from fengqiao.matters.showing import in_words
from fengqiao.people.actors import Actor


@dataclass(frozen=True, slots=True)
class PartyView:
    """Everything a party's page shows: the place and the thing, and nobody's name."""

    station: Station
    says: str
    place: str
    stage: str
    facts: list[tuple[str, str]]
    photos: list[Photo]
    advice: tuple[str, ...]
    board: tuple[Block, ...]
    acts: list[Act]


def links_of(matter: Matter, by: Actor, *, at: datetime) -> list[PartyLink] | None:
    """The links that hold now; None where the matter has nothing for a party, or the actor no hand in it."""
    if (
        by.person_id is None
        or by.only_reads(matter.pk, matter.community_id, matter.holder_id)
        or not shown(matter)
    ):
        return None
    return list(PartyLink.objects.filter(matter=matter, revoked_at=None, ends_at__gt=at))


def party_view(found: Followed, *, at: datetime) -> PartyView:
    """The page of a link that holds."""
    matter = found.matter
    page = kind(matter.kind)
    assert page.party is not None
    detail: Any = page.detail._default_manager.get(pk=matter.pk)
    return PartyView(
        station=Station.objects.get(pk=matter.station_id),
        says=page.party.says,
        place=f"{matter.premises.name} {matter.premises.address}" if matter.premises else "",
        stage=page.stage(matter.stage).says,
        facts=told_columns(matter, detail),
        photos=shown_to_party(matter),
        advice=page.party.advises(detail),
        board=page.board(matter, at) if page.board and page.party.board else (),
        acts=[act for act in allowed_acts(matter, found.by) if act.name in page.party.acts],
    )


def told_columns(matter: Matter, detail: Any = None) -> list[tuple[str, str]]:
    """(name, words) of what the kind tells a party, without what is empty."""
    page = kind(matter.kind)
    if page.party is None:
        return []
    detail = detail or page.detail._default_manager.get(pk=matter.pk)
    columns = [detail._meta.get_field(name) for name in page.party.columns]
    told = [(_(str(column.verbose_name)), in_words(detail, column)) for column in columns]
    return [(says, words) for says, words in told if words]
