"""The only way a matter changes. Every door, job and clock calls one of these."""

from fengqiao.matters.commands.handing_in import HandedIn, hand_in
from fengqiao.matters.commands.handing_over import hand_over
from fengqiao.matters.commands.keeping import lift_hold, place_hold
from fengqiao.matters.commands.owing import raise_owed
from fengqiao.matters.commands.passing_on import pass_on
from fengqiao.matters.commands.performing import perform
from fengqiao.matters.commands.raising import raise_matter
from fengqiao.matters.commands.recording import Performed
from fengqiao.matters.commands.settling import settle

__all__ = [
    "HandedIn",
    "Performed",
    "hand_in",
    "hand_over",
    "lift_hold",
    "pass_on",
    "perform",
    "place_hold",
    "raise_matter",
    "raise_owed",
    "settle",
]
