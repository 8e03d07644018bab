"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from fengqiao.kinds.fraud_alert import inputs
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kit.geometry import Datum, to_wgs84
from fengqiao.kit.inputs import Nothing
from fengqiao.kit.problems import BadInput
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Doing, Taking
from fengqiao.store.secrets import Secret

AlertDoing = Doing[FraudAlert]
SAVED = ("dissuaded", "aware")
SKEW = timedelta(minutes=5)
# These levels are visited again after a week (a default of this product).
VISITED_AGAIN = ("critical", "high")
SEARCHING = ("second_search", "joint_search")
TALKING = ("persuading", "refused")


def saved(matter: Matter) -> bool:
    """Dissuaded, or aware before; confirmed or not yet."""
    return matter.outcome in SAVED


def words_stand(matter: Matter) -> bool:
    """Name, phone and address can still be read: without them nobody can be looked for."""
    return matter.vault is not None and matter.vault.destroyed_at is None


def take(taking: Taking, given: inputs.AlertIntake) -> FraudAlert:
    """A new alert. Raises BadInput for a time to come or half a coordinate."""
    if given.received_at.tzinfo is None:
        raise BadInput.at("received_at", "时间须带时区，如 2022-05-10T10:02:00+08:00")
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
    doing.detail.signed_at = doing.at


def call(doing: AlertDoing, given: inputs.CallInput) -> None:
    """One try by phone, beside whatever goes on at the door; reaching the person begins the talk."""
    doing.detail.calls += 1
    if given.result is inputs.CallResult.REACHED:
        _contact(doing)
        doing.detail.identity_checked |= bool(given.identity_checked)
        doing.move_to("persuading")
    elif doing.matter.stage != "signed":
        doing.move_to(doing.matter.stage)


def go(doing: AlertDoing, given: Nothing) -> None:
    """On the way to the door."""
    doing.detail.visits += 1
    doing.detail.on_the_way = True


def not_home(doing: AlertDoing, given: inputs.NotHomeInput) -> None:
    """Nobody there: reported at once, so that the wider search can begin."""
    doing.detail.on_the_way = False


def wrong_address(doing: AlertDoing, given: inputs.WrongAddressInput) -> None:
    """The address that came with the alert leads nowhere: the source's mistake, not a visit in vain."""
    doing.detail.wrong_visits += 1
    doing.detail.on_the_way = False


def search(doing: AlertDoing, given: inputs.SearchInput) -> None:
    """Several leads at once under one clock; each further round is a wider one."""
    doing.detail.search_round += 1
    opened = [{"lead": lead.value, "round": doing.detail.search_round, "result": ""} for lead in given.leads]
    doing.detail.leads = [*doing.detail.leads, *opened]


def lead(doing: AlertDoing, given: inputs.LeadInput) -> None:
    """What one lead gave. A lead nobody had opened is written down as well."""
    told = {"lead": given.lead.value, "round": doing.detail.search_round, "result": given.result.value}
    open_ones = [item for item in doing.detail.leads if item["lead"] == told["lead"] and not item["result"]]
    answered = open_ones[-1] if open_ones else None
    doing.detail.leads = [told if item is answered else item for item in doing.detail.leads]
    if answered is None:
        doing.detail.leads = [*doing.detail.leads, told]
    if given.result is inputs.LeadResult.REACHED:
        _contact(doing)
        doing.move_to("persuading")


def joint(doing: AlertDoing, given: inputs.JointInput) -> None:
    """Led by the chief: community, grid, guards and bank look for the person together."""
    doing.detail.search_round += 1


def transfer(doing: AlertDoing, given: inputs.TransferInput) -> None:
    """The person is elsewhere; it stays ours until the other station has confirmed."""
    doing.detail.transferred_to = given.station


def receive(doing: AlertDoing, given: inputs.ReceiptInput) -> None:
    """The other station has it: only now it leaves our count."""
    _check_zone("accepted_at", given.accepted_at)
    doing.detail.receipt = given.receipt
    doing.matter.outcome = "transferred"


def take_back(doing: AlertDoing, given: inputs.ReasonInput) -> None:
    """No receipt came, or it was refused: the search goes on here."""
    doing.detail.transferred_to = ""


def meet(doing: AlertDoing, given: inputs.MeetInput) -> None:
    """Face to face, each knowing who the other is; a talk begun by phone goes on where it stands."""
    # Meeting again within one talk is the same visit.
    if not (doing.matter.stage in TALKING and doing.detail.met_at):
        # Met without having set out from here: at the workplace, a bank, on the beat.
        doing.detail.visits += not doing.detail.on_the_way
        doing.detail.met_visits += 1
    doing.detail.on_the_way = False
    doing.detail.identity_checked = True
    doing.detail.met_at = doing.detail.met_at or doing.at
    _contact(doing)


def dissuade(doing: AlertDoing, given: inputs.DissuadeInput) -> None:
    """Stopped, or knew already; provisional until the call after 72 hours confirms that nothing was paid."""
    known = doing.detail.identity_checked or bool(given.identity_checked)
    if not known:
        raise BadInput.at("given.identity_checked", "未见面时，须在电话中互相核对身份")
    _check_zone("began_at", given.began_at)
    doing.detail.identity_checked = True
    doing.detail.amount_intended = given.amount_intended
    doing.detail.dissuaded_at = doing.at
    doing.detail.result = given.result.value
    doing.matter.outcome = given.result.value


def refuse(doing: AlertDoing, given: inputs.RefuseInput) -> None:
    """Will not listen. It stays in the denominator."""
    _check_zone("began_at", given.began_at)
    doing.detail.refused_at = doing.detail.refused_at or doing.at
    doing.matter.outcome = "refused"


def second_talk(doing: AlertDoing, given: inputs.SecondTalkInput) -> None:
    """A second officer, the family where the law lets us tell them, the bank: and still no."""
    doing.detail.second_talk_at = doing.at


def close_refused(doing: AlertDoing, given: inputs.ReasonInput) -> None:
    """Ended as refused; only after the second talk."""
    if doing.detail.second_talk_at is None:
        raise BadInput.at("given.reason", "须先做二次劝阻")


def paid(doing: AlertDoing, given: inputs.PaidInput) -> None:
    """Money has gone: the stop-payment hand-off begins, and nothing of the account is written here."""
    _check_zone("paid_at", given.paid_at)
    _lost(doing, given.amount_lost)
    doing.matter.outcome = "already_paid"


def hand_off(doing: AlertDoing, given: inputs.HandOffInput) -> None:
    """Handed to the stop-payment line: its reference and the time are all that is kept."""
    doing.detail.handed_off_at = doing.at
    doing.detail.handoff_reference = given.handoff_reference


def call_back(doing: AlertDoing, given: inputs.CallBackInput) -> None:
    """The call of the next day; not reached, it is still owed."""
    if given.reached:
        doing.detail.called_back_at = doing.at
    else:
        doing.tried_in_vain()


def confirm(doing: AlertDoing, given: inputs.ConfirmInput) -> None:
    """The call after 72 hours: nothing was paid since. Where something was, the success is taken back; not
    reached, it is still owed."""
    if given.reached is False:
        return doing.tried_in_vain()
    doing.detail.confirmed_at = doing.at
    if not given.no_transfer:
        _relapsed(doing, given.amount_lost)
        doing.move_to("already_paid")
    return None


def visit_again(doing: AlertDoing, given: inputs.CallBackInput) -> None:
    """The visit after a week; not met, it is still owed."""
    if given.reached:
        doing.detail.visited_at = doing.at
    else:
        doing.tried_in_vain()


def relapse(doing: AlertDoing, given: inputs.PaidInput) -> None:
    """Lost money after all: the success is taken back and the stop-payment hand-off begins."""
    _check_zone("paid_at", given.paid_at)
    _relapsed(doing, given.amount_lost)


def close(doing: AlertDoing, given: inputs.CloseInput) -> None:
    """Ended; the outcome stands apart from the ending."""
    due = doing.matter.level in VISITED_AGAIN and saved(doing.matter)
    if due and doing.detail.visited_at is None and not given.reason:
        raise BadInput.at("given.reason", "特高、高等级须先做 7 日上门回访；提前办结请写明原因")


def rate(doing: AlertDoing, given: inputs.RatingInput) -> None:
    """What the person says of the service, asked after the end."""
    doing.detail.rating = given.rating.value


def exhaust(doing: AlertDoing, given: inputs.ExhaustInput) -> None:
    """Not found after all that could be done; signed by the chief, and it stays in the denominator."""
    if doing.detail.calls < inputs.LEAST_CALLS:
        raise BadInput.at(
            "given.tried", f"电话至少拨打 {inputs.LEAST_CALLS} 次，现在是 {doing.detail.calls} 次"
        )
    doing.matter.outcome = "exhausted"


def reopen(doing: AlertDoing, given: inputs.ReopenInput) -> None:
    """Any new contact brings one that was not found back to life."""
    doing.detail.search_round += 1
    opened = {"lead": given.lead.value, "round": doing.detail.search_round, "result": ""}
    doing.detail.leads = [*doing.detail.leads, opened]
    doing.matter.outcome = ""


def false_alarm(doing: AlertDoing, given: inputs.FalseAlarmInput) -> None:
    """There was no fraud. One person says so; how many left the count that way is printed with the figures."""
    doing.matter.outcome = "false_alarm"


def correct(doing: AlertDoing, given: inputs.CorrectInput) -> None:
    """Taken in with a mistake: the level, or who it is and where. What stood there before stays in its event."""
    if given.level:
        doing.matter.level = given.level.value
    new = {"target_name": given.name, "target_phone": given.phone, "address": given.address}
    for column, words in new.items():
        if words:
            setattr(doing.detail, column, Secret.of(words))
    if not (given.level or any(new.values())):
        raise BadInput.at("given.reason", "请填写要更正的内容")


def _contact(doing: AlertDoing) -> None:
    doing.detail.found_in_search |= doing.matter.stage in SEARCHING
    doing.detail.contacted_at = doing.detail.contacted_at or doing.at


def _check_zone(name: str, when: datetime | None) -> None:
    if when is not None and when.tzinfo is None:
        raise BadInput.at(f"given.{name}", "时间须带时区，如 2022-05-10T10:02:00+08:00")


def _relapsed(doing: AlertDoing, amount: Decimal | None) -> None:
    _lost(doing, amount)
    doing.detail.relapsed_at = doing.at
    doing.matter.outcome = "relapsed"


def _lost(doing: AlertDoing, amount: Decimal | None) -> None:
    doing.detail.amount_lost = amount
    doing.detail.paid_at = doing.at
