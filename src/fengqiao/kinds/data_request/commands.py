"""One small function per act. Each changes the objects it is given and saves nothing."""

from __future__ import annotations

from fengqiao.kinds.data_request import inputs
from fengqiao.kinds.data_request.inputs import Wanted
from fengqiao.kinds.data_request.models import DataRequest
from fengqiao.kit.problems import BadInput, OutOfTurn
from fengqiao.matters.registry import Doing, Taking, kind
from fengqiao.store.secrets import Secret

RequestDoing = Doing[DataRequest]


def take(taking: Taking, given: inputs.RequestIntake) -> DataRequest:
    """A request comes from a person's own page, beneath the matter it is about. Raises BadInput without one."""
    if taking.parent is None:
        raise BadInput("请凭查询码，在“谁看过我的信息”页提出")
    taking.title = f"{given.wanted.says}:{kind(taking.parent.kind).says}"
    return DataRequest(
        wanted=given.wanted.value, words=Secret.of(given.words), phone=Secret.of(given.phone or "")
    )


def grant(doing: RequestDoing, given: inputs.GrantInput) -> None:
    """Done as asked. What was to be deleted is deleted first, by two persons; an answer alone deletes nothing."""
    about = doing.matter.parent
    destroyed = about is not None and about.vault is not None and about.vault.destroyed_at is not None
    if doing.detail.wanted == Wanted.DELETE.value and not destroyed:
        raise OutOfTurn("请先在原事项页上申请“依申请删除”，由另一个人批准；销毁后再答复")
    doing.detail.reply = given.reply
    doing.matter.outcome = "granted"


def refuse(doing: RequestDoing, given: inputs.RefuseInput) -> None:
    """Not done, with the ground in law and the reason."""
    doing.detail.ground, doing.detail.reply = given.ground.value, given.reply
    doing.matter.outcome = "refused"
