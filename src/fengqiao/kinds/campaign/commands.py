"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from fengqiao.checks.queries import current_for, current_named
from fengqiao.ground.models import Community
from fengqiao.kinds.campaign import inputs
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kit.inputs import Nothing
from fengqiao.kit.problems import BadInput
from fengqiao.matters.registry import Doing, Taking

CampaignDoing = Doing[Campaign]


def take(taking: Taking, given: inputs.CampaignIntake) -> Campaign:
    """A campaign as planned. Raises BadInput for a list or a community the station does not have."""
    _require_communities(given.communities)
    taking.title = given.name
    taking.terms["end"] = given.ends_on
    return Campaign(
        name=given.name,
        kinds=[kind.value for kind in given.kinds],
        communities=given.communities,
        grades=[grade.value for grade in given.grades],
        e_bikes_only=given.e_bikes_only,
        checklist=_own_list(given),
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        rounds=given.rounds,
        departments=given.departments or "",
    )


def _require_communities(codes: list[str]) -> None:
    known = set(Community.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := sorted(set(codes) - known):
        raise BadInput.at("communities", f"本所没有这些社区：{'、'.join(unknown)}")


def _own_list(given: inputs.CampaignIntake) -> str:
    """The list the campaign alone is answered by; empty where it is the regular one of all its kinds of place."""
    regular = {kind: current_for(kind.value) for kind in given.kinds}
    if given.checklist:
        chosen = current_named(given.checklist)
        if chosen is None:
            raise BadInput.at("checklist", "没有这份检查清单")
        return "" if set(regular.values()) == {chosen} else given.checklist
    if without := [kind.says for kind, version in regular.items() if version is None]:
        raise BadInput.at("checklist", f"“{'、'.join(without)}”还没有常规检查清单，请选一份")
    return ""


def start(doing: CampaignDoing, given: Nothing) -> None:
    """From now on checks count, and places without one are given one."""
    _require_time_left(doing.detail, doing.at)
    doing.detail.began_at = doing.detail.round_began_at = doing.at


def next_round(doing: CampaignDoing, given: Nothing) -> None:
    """All places are looked at once more; how far this round came is kept."""
    if doing.detail.round >= doing.detail.rounds:
        raise BadInput("计划的轮次已经查完")
    _require_time_left(doing.detail, doing.at)
    doing.detail.end_round()
    doing.detail.round += 1
    doing.detail.round_began_at = doing.at


def _require_time_left(detail: Campaign, at: datetime) -> None:
    if localdate(at) > detail.ends_on:
        raise BadInput(f"结束日期({detail.ends_on:%Y-%m-%d})已过，请先延长")


def extend(doing: CampaignDoing, given: inputs.ExtendInput) -> None:
    """More time, with the reason on record."""
    if given.ends_on <= doing.detail.ends_on:
        raise BadInput.at("given.ends_on", "应晚于原定结束日期")
    doing.detail.ends_on = given.ends_on
    doing.terms["end"] = given.ends_on


def finish(doing: CampaignDoing, given: inputs.FinishInput) -> None:
    """The rounds are over; what stayed open is told, and is followed up each on its own."""
    doing.detail.summary = given.summary
    doing.detail.end_round()


def close(doing: CampaignDoing, given: Nothing) -> None:
    """The chief has read the report: it is issued as it stands."""
    doing.matter.outcome = "done"


def call_off(doing: CampaignDoing, given: inputs.CallOffInput) -> None:
    """Not carried out after all. Checks given out already stay due, each on its own."""
    doing.detail.summary = given.reason
    doing.matter.outcome = "called_off"
