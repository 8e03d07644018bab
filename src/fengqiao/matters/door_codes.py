"""Reading the codes of a visit: what stands on the page of whoever is at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fengqiao.matters.commands.visit_codes import at_door
from fengqiao.matters.models import Event, Matter, VisitCode
from fengqiao.matters.registry import CODE_CHECKED
from fengqiao.people.actors import Actor
from fengqiao.people.roles import FIELD


@dataclass(frozen=True, slots=True)
class DoorCode:
    """`code` is empty until its person asks for one; `checked_at`: when a resident last found it good."""

    code: str = ""
    ends_at: datetime | None = None
    checked_at: datetime | None = None


def door_code(matter: Matter, by: Actor, *, at: datetime) -> DoorCode | None:
    """The caller's own code for this matter; None when nobody stands at a door or the caller does not go."""
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    if by.person_id is None or not roles & FIELD or not at_door(matter):
        return None
    own = VisitCode.objects.filter(matter=matter, person_id=by.person_id, ends_at__gt=at).first()
    if own is None:
        return DoorCode()
    # The event's key names the code it checked.
    checks = Event.objects.filter(matter=matter, act=CODE_CHECKED, key__startswith=f"code:{own.pk}:")
    last = checks.order_by("-observed_at").values_list("observed_at", flat=True).first()
    return DoorCode(own.code, own.ends_at, last)
