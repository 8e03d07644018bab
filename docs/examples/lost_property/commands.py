"""One small function per act."""

from __future__ import annotations

from fengqiao.kinds.lost_property.inputs import FoundInput, GiveBackInput
from fengqiao.kinds.lost_property.models import LostProperty
from fengqiao.kit.inputs import Nothing
from fengqiao.matters.registry import Doing, Taking
from fengqiao.store.secrets import Secret


def take(taking: Taking, given: FoundInput) -> LostProperty:
    taking.title = given.what
    taking.community_code = given.community
    return LostProperty(what=given.what, finder_phone=Secret.of(given.finder_phone or ""))


def give_back(doing: Doing[LostProperty], given: GiveBackInput) -> None:
    doing.matter.outcome = "given_back"


def hand_on(doing: Doing[LostProperty], given: Nothing) -> None:
    """Nobody came within the year: it goes to the state (民法典 art. 318)."""
    doing.matter.outcome = "handed_on"
