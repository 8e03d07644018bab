"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from fengqiao.checks.queries import current_named
from fengqiao.kinds.campaign import inputs
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kit.inputs import Nothing
from fengqiao.kit.problems import BadInput
from fengqiao.matters.registry import Doing, Taking

CampaignDoing = Doing[Campaign]


def take(taking: Taking, given: inputs.CampaignIntake) -> Campaign:
    """A campaign as planned. Raises BadInput for a checklist the station does not have."""
    if given.checklist and current_named(given.checklist) is None:
        raise BadInput.at("checklist", "没有这份检查清单")
    taking.title = given.name
    taking.terms["end"] = given.ends_on
    return Campaign(
        name=given.name,
        kinds=[kind.value for kind in given.kinds],
        communities=given.communities,
        grades=[grade.value for grade in given.grades],
        e_bikes_only=given.e_bikes_only,
        checklist=given.checklist or "",
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        rounds=given.rounds,
        departments=given.departments or "",
    )


def start(doing: CampaignDoing, given: Nothing) -> None:
    """From now on checks count, and places without one are given one."""
    doing.detail.round_began_at = doing.at


def next_round(doing: CampaignDoing, given: Nothing) -> None:
    """All places are looked at once more."""
    if doing.detail.round >= doing.detail.rounds:
        raise BadInput("计划的轮次已经查完")
    doing.detail.round += 1
    doing.detail.round_began_at = doing.at


def extend(doing: CampaignDoing, given: inputs.ExtendInput) -> None:
    """More time, with the reason on record."""
    if given.ends_on <= doing.detail.ends_on:
        raise BadInput.at("given.ends_on", "应晚于原定结束日期")
    doing.detail.ends_on = given.ends_on
    doing.terms["end"] = given.ends_on


def finish(doing: CampaignDoing, given: inputs.FinishInput) -> None:
    """The rounds are over; what stayed open is told, and is followed up each on its own."""
    doing.detail.summary = given.summary


def close(doing: CampaignDoing, given: Nothing) -> None:
    """The chief has read the report."""
    doing.matter.outcome = "done"


def call_off(doing: CampaignDoing, given: inputs.FinishInput) -> None:
    """Not carried out after all."""
    doing.detail.summary = given.summary
    doing.matter.outcome = "called_off"
