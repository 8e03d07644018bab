"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from datetime import timedelta

from fengqiao.kinds.fraud_alert import inputs
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kit.geometry import Datum, to_wgs84
from fengqiao.kit.inputs import Nothing
from fengqiao.kit.problems import BadInput
from fengqiao.matters.registry import Doing, Taking
from fengqiao.store.secrets import Secret

AlertDoing = Doing[FraudAlert]
SKEW = timedelta(minutes=5)


def take(taking: Taking, given: inputs.AlertIntake) -> FraudAlert:
    """A new alert. Raises BadInput for a time to come or half a coordinate."""
    if given.received_at.tzinfo is None:
        raise BadInput.at("received_at", "时间须带时区,如 2022-05-10T10:02:00+08:00")
    if given.received_at > taking.at + SKEW:
        raise BadInput.at("received_at", "收到时间不能晚于现在")
    if (given.lon is None) != (given.lat is None):
        raise BadInput.at("lat" if given.lat is None else "lon", "经度和纬度须同时填写")
    if given.lon is not None and given.lat is not None:
        taking.lon, taking.lat = to_wgs84(given.lon, given.lat, given.datum or Datum.WGS84)
    taking.raised_at = given.received_at
    taking.level = given.level.value
    taking.title = given.fraud_type
    taking.reference = given.reference
    taking.address = given.address
    taking.community_code = given.community or ""
    return FraudAlert(
        fraud_type=given.fraud_type,
        target_name=Secret.of(given.target.name),
        target_phone=Secret.of(given.target.phone),
        address=Secret.of(given.address),
    )


def sign(doing: AlertDoing, given: Nothing) -> None:
    """The alert is seen and taken on."""


def call(doing: AlertDoing, given: inputs.CallInput) -> None:
    """One try by phone; reaching the person is as good as the door for a first talk."""
    doing.detail.calls += 1
    if given.result is inputs.CallResult.REACHED:
        _contact(doing, in_person=False)
        doing.move_to("persuading")


def go(doing: AlertDoing, given: Nothing) -> None:
    """On the way to the door."""


def not_home(doing: AlertDoing, given: inputs.NotHomeInput) -> None:
    """Nobody there: reported at once, so that the wider search can begin."""


def meet(doing: AlertDoing, given: inputs.MeetInput) -> None:
    """Face to face, each knowing who the other is."""
    _require(given.identity_checked, "identity_checked", "须先互相核对身份再开始劝阻")
    _contact(doing, in_person=True)


def dissuade(doing: AlertDoing, given: inputs.DissuadeInput) -> None:
    """Stopped, or knew already; provisional until a later call confirms that nothing was paid."""
    _require(given.contact_cut, "contact_cut", "未断开联系时不能记为劝阻成功")
    if given.remote_removed is False:
        raise BadInput.at("given.remote_removed", "屏幕共享或远程软件未移除时不能记为劝阻成功")
    doing.detail.amount_intended = given.amount_intended
    doing.matter.outcome = given.result.value


def refuse(doing: AlertDoing, given: inputs.RefuseInput) -> None:
    """Will not listen. It stays in the denominator."""
    doing.matter.outcome = "refused"


def paid(doing: AlertDoing, given: inputs.PaidInput) -> None:
    """Money has gone: handed to the stop-payment line, whose reference is kept and nothing of the account."""
    doing.detail.amount_lost = given.amount_lost
    doing.matter.outcome = "already_paid"


def confirm(doing: AlertDoing, given: inputs.ConfirmInput) -> None:
    """The call after: nothing was paid since. Where something was, the success is taken back."""
    doing.detail.confirmed_at = doing.at
    if not given.no_transfer:
        doing.matter.outcome = "relapsed"


def close(doing: AlertDoing, given: Nothing) -> None:
    """Ended; the outcome stands apart from the ending."""


def exhaust(doing: AlertDoing, given: inputs.ExhaustInput) -> None:
    """Not found after all that could be done; signed by the chief, and it stays in the denominator."""
    doing.matter.outcome = "exhausted"


def false_alarm(doing: AlertDoing, given: inputs.FalseAlarmInput) -> None:
    """There was no fraud; verified by somebody else than who talked to the person."""
    doing.matter.outcome = "false_alarm"


def _contact(doing: AlertDoing, *, in_person: bool) -> None:
    doing.detail.met_at = doing.detail.met_at or doing.at
    doing.detail.met_in_person = doing.detail.met_in_person or in_person


def _require(fact: bool, field: str, says: str) -> None:
    if not fact:
        raise BadInput.at(f"given.{field}", says)
