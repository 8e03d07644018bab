"""Making, ending and following a link by which a party sees one matter and may do what its kind allows."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from fengqiao.kit.ids import uuid7
from fengqiao.kit.problems import Forbidden, NotFound, OutOfTurn
from fengqiao.matters.commands.knocking import came_by
from fengqiao.matters.commands.performing import locked, perform
from fengqiao.matters.commands.recording import Performed
from fengqiao.matters.models import Matter, PartyLink
from fengqiao.matters.party_link import digest_of
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor, party
from fengqiao.store.scope import require_transaction

KNOCK = "party_link"
DAYS = 30


@dataclass(frozen=True, slots=True)
class Followed:
    """A link that holds: its row, the matter, and whoever came by it as an actor."""

    link: PartyLink
    matter: Matter
    by: Actor


def make_link(*, matter_id: UUID, by: Actor, at: datetime) -> str:
    """The token of a new link: told now and never again. Raises NotFound, Forbidden (it is for who may act on
    the matter) and OutOfTurn (there is nothing for a party to see)."""
    require_transaction()
    matter = locked(matter_id, by)
    made_by = _hand_in(matter, by)
    if not shown(matter):
        raise OutOfTurn(_("当前环节没有给当事人看的内容"))
    token = secrets.token_urlsafe(24)
    PartyLink.objects.create(
        id=uuid7(),
        station_id=matter.station_id,
        matter=matter,
        digest=digest_of(token),
        made_by_id=made_by,
        made_at=at,
        ends_at=at + timedelta(days=DAYS),
    )
    return token


def revoke_link(*, matter_id: UUID, link_id: UUID, by: Actor, at: datetime) -> None:
    """The link holds no more. Raises NotFound and Forbidden; one that ended already stays as it is."""
    require_transaction()
    matter = locked(matter_id, by)
    _hand_in(matter, by)
    found = PartyLink.objects.filter(matter=matter, pk=link_id)
    if not found.exists():
        raise NotFound
    found.filter(revoked_at=None).update(revoked_at=at)


@contextmanager
def followed(*, token: str, asking: str, at: datetime, opening: bool = True) -> Iterator[Followed | None]:
    """What a link leads to, inside its station; None for a wrong, an ended, a revoked one and one whose
    matter has nothing for a party any more, alike.

    `asking` is who asks, by address: ten wrong links within ten minutes raise TooMany. `opening`: whether
    it counts as one (a picture on the page does not).
    """
    held = PartyLink.objects.filter(ends_at__gt=at, revoked_at=None)
    with came_by(KNOCK, held, digest_of(token), _leads_to, asking=asking, at=at) as found:
        if found is not None and opening:
            PartyLink.objects.filter(pk=found.link.pk).update(used=F("used") + 1, used_at=at)
        yield found


def act_by_link(found: Followed, *, act: str, given: Mapping[str, Any], key: str, at: datetime) -> Performed:
    """Do what the kind lets a party do; a repeat does nothing twice. Raises what `perform` does."""
    page = kind(found.matter.kind)
    if page.party is None or act not in page.party.acts:
        raise Forbidden(_("这里不能办理此事项"))
    return perform(
        matter_id=found.matter.pk, act=act, given=given, by=found.by, at=at, key=f"link:{found.link.pk}:{key}"
    )


def shown(matter: Matter) -> bool:
    """Whether a party may see the matter now."""
    declared = kind(matter.kind).party
    return declared is not None and declared.when(matter)


def _hand_in(matter: Matter, by: Actor) -> UUID:
    """Who it is, if they may act on the matter; raises Forbidden."""
    if by.person_id is None or by.only_reads(matter.pk, matter.community_id, matter.holder_id):
        raise Forbidden(_("链接由办理人员生成"))
    return by.person_id


def _leads_to(link: PartyLink) -> Followed | None:
    matter = Matter.objects.select_related("premises", "vault").get(pk=link.matter_id)
    return Followed(link, matter, party(link.station_id, matter.pk)) if shown(matter) else None
