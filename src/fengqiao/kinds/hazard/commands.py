"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.ground.merging import one_with_merged
from fengqiao.ground.models import Premises
from fengqiao.kinds.hazard import inputs
from fengqiao.kinds.hazard.closed_list import in_scope, order_for
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kit.problems import BadInput, OutOfTurn
from fengqiao.matters.clocks import end_of, last_day
from fengqiao.matters.registry import Doing, Taking
from fengqiao.matters.service import ServedBy
from fengqiao.people.charge import serving_person
from fengqiao.people.roles import Role

HazardDoing = Doing[Hazard]
SKEW = timedelta(minutes=5)
RECURS_WITHIN = timedelta(days=180)
LONGEST_EXTENSION = timedelta(days=30)
CHECK_AFTER = "3wd"  # looked at again within so long of the deadline, or of the report that it is fixed
SETTLES_AFTER = "10wd"
RECEIPT_WITHIN = "10wd"
# Complaints are looked at on the spot first: blocked exits within a day, others within three working days.
COMPLAINT, BLOCKED = "3wd", "24h"
BLOCKED_ITEMS = ("exit", "equipment")
ONE_REVISIT = "minor"
NOT_COUNTED = ("voided", "duplicate", "unfounded", "withdrawn")


def take(taking: Taking, given: inputs.HazardIntake) -> Hazard:
    """A new hazard, at a place of the register or at an address. Raises BadInput by field."""
    at = _found_at(taking, given)
    premises = _premises(taking, given)
    taking.raised_at = given.found_at
    taking.level = given.severity.value
    taking.title = f"{given.spot}:{given.finding}"
    taking.reference = given.reference or ""
    detail = Hazard(
        item=given.item,
        finding=given.finding,
        spot=given.spot,
        address=taking.address,
        source=given.source.value,
        basis=given.basis or "",
        advice=given.advice or "",
        span=given.deadline.value,
        checklist_version=given.checklist_version,
        photos=[str(one) for one in given.photos],
        after_photos=[str(one) for one in given.after_photos],
        unseen_since=premises.verified_at if premises else None,
        earlier_id=_repeats(taking, given.item, at),
    )
    if given.source is inputs.Source.COMPLAINT and not given.fixed_on_spot:
        # Nobody of ours has seen it yet: only the check on the spot is due.
        urgent = given.item.startswith(BLOCKED_ITEMS)
        taking.terms |= {
            "on_site": BLOCKED if urgent else COMPLAINT,
            "fix": None,
            "reinspect": None,
            "serve": None,
        }
    else:
        taking.terms |= {"on_site": None} | _deadline(detail, taking.station_id, at)
    if given.fixed_on_spot:
        taking.stage, detail.fixed_at = "fixed_on_spot", at
        taking.terms |= {"fix": None, "serve": None, "reinspect": _check(detail, taking.station_id, at)}
    return detail


def notify(doing: HazardDoing, given: inputs.NotifyInput) -> None:
    """Told in writing what is wrong and by when it is to be put right; a second notice has half the time."""
    if given.advice:
        doing.detail.advice = given.advice
    doing.detail.told_at = doing.detail.told_at or doing.at
    _due(doing)


def order(doing: HazardDoing, given: inputs.OrderInput) -> None:
    """Ordered: a place in scope, a violation on the list, two police officers. Otherwise it is told (notify)
    or handed on."""
    if not in_scope(doing.matter.premises):
        raise OutOfTurn("此类场所不在本所责令改正的范围,请告知或移交")
    listed = order_for(doing.matter.station_id, doing.detail.item)
    if listed is None:
        raise OutOfTurn("此项目不在责令改正的违法行为清单内,请告知或移交")
    _second_officer(doing, given.second_officer)
    doing.detail.ordered_at = doing.detail.ordered_at or doing.at
    at_once = listed.at_once if given.immediate is None else given.immediate
    if at_once and doing.detail.checked_at is None:
        # Whatever was set at the finding: at once is today.
        doing.detail.span = inputs.DeadlineSpan.AT_ONCE.value
        doing.terms |= _deadline(doing.detail, doing.matter.station_id, doing.at)
    else:
        _due(doing)


def serve(doing: HazardDoing, given: inputs.ServeInput) -> None:
    """Received, or refused with proof: from now on it is theirs to put right."""
    doing.detail.served_at = doing.at
    if given.method is ServedBy.LEFT:
        doing.detail.refused_at = doing.detail.refused_at or doing.at


def fix_on_spot(doing: HazardDoing, given: inputs.FixOnSpotInput) -> None:
    """Put right while we stood there."""
    _due(doing)
    _fixed(doing, given.photos)


def report_fixed(doing: HazardDoing, given: inputs.ReportFixedInput) -> None:
    """Said to be fixed, by ours with a photo or by the party: to be looked at within three working days."""
    _fixed(doing, given.photos)


def extend(doing: HazardDoing, given: inputs.ExtendInput) -> None:
    """More time, by the chief, before the old time is over."""
    detail = doing.detail
    now = detail.second_due_at or detail.due_at
    if now is None or doing.at >= now:
        raise BadInput.at("given.until", "期限已过,不能再延期")
    until = end_of(given.until)
    if not now < until <= now + LONGEST_EXTENSION:
        raise BadInput.at("given.until", "须晚于原期限,且不超过原期限后 30 日")
    if detail.second_due_at is None:
        _set_first(detail, doing.matter.station_id, given.until)
    else:
        detail.second_due_at = until
    doing.terms |= _terms(doing.matter.station_id, given.until)


def reinspect(doing: HazardDoing, given: inputs.ReinspectInput) -> None:
    """Looked at again by somebody else than who found it."""
    detail = doing.detail
    detail.after_photos = [*detail.after_photos, *(str(one) for one in given.photos)]
    detail.checked_at = detail.checked_at or doing.at
    detail.check_result = given.result.value
    if given.result is inputs.ReinspectResult.FIXED:
        # Nobody said when: it was fixed at the latest now.
        detail.fixed_at = detail.fixed_at or doing.at
        detail.verified_at = doing.at
        doing.matter.outcome = "fixed"
        return
    detail.fixed_at = None
    doing.move_to("partly_fixed" if given.result is inputs.ReinspectResult.PARTLY else "not_fixed")


def hand_off(doing: HazardDoing, given: inputs.HandOffInput) -> None:
    """Handed on, and still ours until the receipt is in."""
    detail = doing.detail
    detail.handed_to, detail.handed_why = given.to.value, given.why.value
    detail.handed_at = doing.at
    receipt = last_day(doing.matter.station_id, doing.at, RECEIPT_WITHIN)
    detail.receipt_due_at = end_of(receipt)
    doing.terms["receipt"] = receipt
    if detail.checked_at is None:
        detail.check_due_at = None


def receive(doing: HazardDoing, given: inputs.ReceiptInput) -> None:
    """The other unit has it, and said what it means to do."""
    doing.detail.receipted_at = doing.at
    doing.detail.receipt = " ".join(filter(None, [given.receiver, given.receipt]))


def take_back(doing: HazardDoing, given: inputs.TakeBackInput) -> None:
    """No receipt, or refused: it is ours again, and to be told anew."""
    doing.detail.handed_at = doing.detail.receipt_due_at = None
    doing.detail.handed_to = doing.detail.handed_why = ""


def report_serious(doing: HazardDoing, given: inputs.SeriousReportInput) -> None:
    """A serious hazard is written to the street office and the fire rescue body."""
    doing.detail.reported_at = doing.at


def revisit(doing: HazardDoing, given: inputs.RevisitInput) -> None:
    """The surprise check after a month. A minor one that stayed fixed is closed by it."""
    doing.detail.revisited_at = doing.at
    if given.result is inputs.Revisit.AGAIN:
        _again(doing, given)
    elif doing.matter.level == ONE_REVISIT:
        doing.move_to("closed")


def revisit_again(doing: HazardDoing, given: inputs.RevisitInput) -> None:
    """The second one, after three months: stayed fixed, and closed for good; or here it is again."""
    if doing.detail.revisited_at is None:
        raise OutOfTurn("请先做第一次突击回查")
    doing.detail.revisited_at = doing.at
    if given.result is inputs.Revisit.AGAIN:
        _again(doing, given)


def protest(doing: HazardDoing, given: inputs.ObjectInput) -> None:
    """The party says it is wrong; time runs on until the chief has answered."""
    if _open_objection(doing.detail):
        raise OutOfTurn("已有一件异议等待答复")
    doing.detail.objected_at, doing.detail.answered_at = doing.at, None


def answer(doing: HazardDoing, given: inputs.AnswerInput) -> None:
    """The chief's answer: it stands, or it is taken back."""
    if not _open_objection(doing.detail):
        raise OutOfTurn("没有等待答复的异议")
    doing.detail.answered_at = doing.at
    if given.answer is inputs.Answer.WITHDRAWN:
        doing.matter.outcome = "withdrawn"
        doing.move_to("withdrawn")
    else:
        doing.move_to(doing.matter.stage)


def unfounded(doing: HazardDoing, given: inputs.UnfoundedInput) -> None:
    """Looked at on the spot: nothing of the sort is there."""
    doing.matter.outcome = "unfounded"


def close(doing: HazardDoing, given: inputs.CloseInput) -> None:
    """Ended otherwise than by being fixed; handed off only with the receipt."""
    if given.why is inputs.CloseReason.HANDED_OFF and doing.detail.receipted_at is None:
        raise BadInput.at("given.why", "没有回执,不能按移交办结")
    doing.matter.outcome = given.why.value


def _found_at(taking: Taking, given: inputs.HazardIntake) -> datetime:
    if given.found_at is None:
        return taking.at
    if given.found_at.tzinfo is None:
        raise BadInput.at("found_at", "时间须带时区,如 2022-05-10T10:02:00+08:00")
    if given.found_at > taking.at + SKEW:
        raise BadInput.at("found_at", "发现时间不能晚于现在")
    return given.found_at


def _premises(taking: Taking, given: inputs.HazardIntake) -> Premises | None:
    """The place, which must be the actor's to see; without one the address has to say where."""
    if given.premises is None:
        taking.address, taking.community_code = given.address or "", given.community or ""
        return None
    seen = Premises.objects.seen_by(taking.by).standing().select_related("community")
    one: Premises | None = seen.filter(pk=given.premises).first()
    if one is None:
        raise BadInput.at("premises", "没有这个场所,或不在您的辖区")
    taking.premises_id, taking.address, taking.community_code = one.pk, one.address, one.community.code
    return one


def _repeats(taking: Taking, item: str, at: datetime) -> UUID | None:
    """The last verified hazard of this item at this place, if it was within half a year."""
    where = (
        {"matter__premises__in": one_with_merged(taking.premises_id)}
        if taking.premises_id
        else {"matter__premises_id": None, "address": taking.address}
    )
    within = {"verified_at__lte": at, "verified_at__gte": at - RECURS_WITHIN}
    found = Hazard.objects.filter(item=item, **where, **within).exclude(matter__outcome__in=NOT_COUNTED)
    last: UUID | None = found.order_by("-verified_at").values_list("pk", flat=True).first()
    return last


def _deadline(detail: Hazard, station_id: int, at: datetime) -> dict[str, str | date | None]:
    """The first deadline, by the span that was set; a span set shorter later counts from the finding too."""
    day = last_day(station_id, at, detail.span)
    _set_first(detail, station_id, day)
    return _terms(station_id, day)


def _set_first(detail: Hazard, station_id: int, day: date) -> None:
    over = end_of(day)
    detail.due_at = over
    detail.settle_at = end_of(last_day(station_id, over - SKEW, SETTLES_AFTER))
    if detail.checked_at is None:
        detail.check_due_at = end_of(last_day(station_id, over - SKEW, CHECK_AFTER))


def _terms(station_id: int, day: date) -> dict[str, str | date | None]:
    return {"fix": day, "reinspect": last_day(station_id, end_of(day) - SKEW, CHECK_AFTER)}


def _due(doing: HazardDoing) -> None:
    """A first notice of what nobody had set a day for sets one; one after the time is over, or after a
    re-inspection, gives half of the first's time."""
    detail, station_id = doing.detail, doing.matter.station_id
    if detail.due_at is not None and (detail.checked_at is not None or detail.due_at <= doing.at):
        half = int(detail.span.removesuffix("d")) // 2
        day = last_day(station_id, doing.at, f"{half}d")
        detail.second_due_at = end_of(day)
        doing.terms |= _terms(station_id, day)
    elif detail.due_at is None:
        doing.terms |= _deadline(detail, station_id, doing.at)
    else:
        # What was set at the finding runs on.
        doing.terms |= _terms(station_id, localtime(detail.due_at - SKEW).date())


def _second_officer(doing: HazardDoing, other: UUID) -> None:
    day = localtime(doing.at).date()
    try:
        serving_person(other, roles=(Role.OFFICER,), day=day)
    except BadInput:
        raise BadInput.at("given.second_officer", "须是今天在岗的民警,辅警、网格员不能代替") from None


def _fixed(doing: HazardDoing, photos: list[UUID]) -> None:
    """Said to be fixed: to be looked at within three working days."""
    doing.detail.fixed_at = doing.at
    doing.terms["reinspect"] = _check(doing.detail, doing.matter.station_id, doing.at)
    doing.detail.after_photos = [*doing.detail.after_photos, *(str(one) for one in photos)]


def _check(detail: Hazard, station_id: int, at: datetime) -> date:
    day = last_day(station_id, at, CHECK_AFTER)
    if detail.checked_at is None:
        detail.check_due_at = end_of(day)
    return day


def _again(doing: HazardDoing, given: inputs.RevisitInput) -> None:
    """Here it is again: this one ends as recurred, and the new finding is a matter of its own beneath it."""
    detail, matter = doing.detail, doing.matter
    detail.recurred_at = doing.at
    matter.outcome = "recurred"
    doing.move_to("recurred")
    doing.raise_also(matter.kind, _same(doing, given))


def _same(doing: HazardDoing, given: inputs.RevisitInput) -> dict[str, Any]:
    detail, matter = doing.detail, doing.matter
    place: dict[str, Any] = (
        {"premises": matter.premises_id}
        if matter.premises_id
        else {"address": detail.address, "community": matter.community.code if matter.community else None}
    )
    return place | {
        "item": detail.item,
        "finding": given.seen,
        "spot": detail.spot,
        "severity": matter.level,
        "source": inputs.Source.ROUND.value,
        "deadline": detail.span,
        "basis": detail.basis or None,
        "advice": detail.advice or None,
        "photos": given.photos,
        "checklist_version": detail.checklist_version,
    }


def _open_objection(detail: Hazard) -> bool:
    return detail.objected_at is not None and detail.answered_at is None
