"""Walking an alert along its road in a few words: who does what after how many minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fengqiao.matters.commands import perform, raise_matter
from fengqiao.matters.models import Matter
from tests.station import NOON, SmallStation

DAY = 24 * 60
ALERT: dict[str, Any] = {
    "reference": "FZ-2022-0510-001",
    "level": "high",
    "fraud_type": "冒充客服",
    "received_at": NOON,
    "target": {"name": "事主甲", "phone": "13900000001"},
    "address": "海尾社区海尾大道 12 号",
    "community": "440606006016",
}
Step = tuple[str, str, int, dict[str, Any]]


def taken(place: SmallStation, **changes: Any) -> Matter:
    """A new alert, received at noon unless told otherwise."""
    given = ALERT | changes
    done = raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=given["received_at"])
    return Matter.objects.get(pk=done.matter.pk)


def act(place: SmallStation, matter: Matter, who: str, name: str, minutes: int, /, **given: Any) -> Matter:
    """One act, so many minutes after the alert came in."""
    perform(
        matter_id=matter.pk,
        act=name,
        given=given,
        by=place.actor(who),
        at=matter.raised_at + timedelta(minutes=minutes),
        key=f"{name}-{minutes}-{matter.pk}",
    )
    return Matter.objects.get(pk=matter.pk)


def walk(place: SmallStation, matter: Matter, *steps: Step) -> Matter:
    """Several acts in their order."""
    for who, name, minutes, given in steps:
        matter = act(place, matter, who, name, minutes, **given)
    return matter


SIGNED: tuple[Step, ...] = (("desk", "sign", 1, {}), ("haiwei", "go", 3, {}))
MET: tuple[Step, ...] = (*SIGNED, ("haiwei", "meet", 12, {"identity_checked": True}))
DISSUADED: tuple[Step, ...] = (
    *MET,
    (
        "haiwei",
        "dissuade",
        30,
        {"result": "dissuaded", "contact_cut": True, "amount_intended": "50000.00"},
    ),
)
CONFIRMED: tuple[Step, ...] = (*DISSUADED, ("desk", "confirm", 3 * DAY + 30, {"no_transfer": True}))
NOT_HOME: tuple[Step, ...] = (*SIGNED, ("haiwei", "not_home", 12, {"told_by": "邻居"}))
SEARCHED: tuple[Step, ...] = (
    *NOT_HOME,
    ("desk", "search", 14, {"leads": ["neighbours", "workplace", "family"]}),
)
