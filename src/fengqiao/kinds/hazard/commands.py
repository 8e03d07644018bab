"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime

from fengqiao.ground.merging import one_with_merged
from fengqiao.ground.models import Premises
from fengqiao.kinds.hazard import inputs
from fengqiao.kinds.hazard.closed_list import Order, in_scope
from fengqiao.kinds.hazard.deadlines import (
    AT_ONCE,
    SKEW,
    HazardDoing,
    first_deadline,
    set_check,
    set_due,
    set_first,
    terms,
    to_check,
)
from fengqiao.kinds.hazard.items import UNAPPROVED, ordered_as, violation_of
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kit.problems import BadInput, Forbidden, OutOfTurn
from fengqiao.matters.clocks import end_of, last_day
from fengqiao.matters.registry import Taking
from fengqiao.matters.service import ServedBy
from fengqiao.people.charge import serving_person
from fengqiao.people.roles import POLICE, Role

RECURS_WITHIN = timedelta(days=180)
LONGEST_EXTENSION = timedelta(days=30)
RECEIPT_WITHIN = "10wd"
PUBLIC_FOR = timedelta(days=60)  # 公安机关办理行政案件程序规定 art. 36
# Complaints are looked at on the spot first: blocked exits within a day, others within three working days.
COMPLAINT, BLOCKED = "3wd", "24h"
BLOCKING = ("exits_free", "equipment_broken")
ONE_REVISIT = "minor"
NOT_COUNTED = ("voided", "duplicate", "unfounded", "withdrawn")


def take(taking: Taking, given: inputs.HazardIntake) -> Hazard:
    """A new hazard, at a place of the register or at an address. Raises BadInput by field."""
    at = _found_at(taking, given)
    premises = _premises(taking, given)
    violation = violation_of(given.item, given.checklist_version)
    taking.raised_at = given.found_at
    taking.level = given.severity.value
    taking.title = f"{given.spot}：{given.finding}"
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
        unseen_since=_last_seen(premises, at),
        earlier_id=_repeats(taking, given.item, at),
    )
    if given.source is inputs.Source.COMPLAINT and not given.fixed_on_spot:
        # Nobody of ours has seen it yet: only the check on the spot is due.
        taking.terms |= {
            "on_site": BLOCKED if violation in BLOCKING else COMPLAINT,
            "fix": None,
            "reinspect": None,
            "serve": None,
        }
    else:
        taking.terms |= {"on_site": None} | first_deadline(detail, taking.station_id, at)
    if given.fixed_on_spot:
        taking.stage, detail.fixed_at = "fixed_on_spot", at
        taking.terms |= {"fix": None, "serve": None, "reinspect": to_check(detail, taking.station_id, at)}
    if violation != UNAPPROVED:
        taking.terms["unapproved"] = None
    return detail


def notify(doing: HazardDoing, given: inputs.NotifyInput) -> None:
    """Told in writing what is wrong and by when it is to be put right; a second notice has half the time."""
    if given.advice:
        doing.detail.advice = given.advice
    doing.detail.told_at = doing.detail.told_at or doing.at
    set_due(doing)
    _report_due(doing)


def order(doing: HazardDoing, given: inputs.OrderInput) -> None:
    """Ordered: a place in scope, a violation on the list, two police officers. Otherwise it is told (notify)
    or handed on."""
    if not in_scope(doing.matter.premises):
        raise OutOfTurn("此类场所不在本所责令改正的范围，请告知或移交")
    detail = doing.detail
    listed = ordered_as(detail.item, detail.checklist_version)
    if listed is None:
        raise OutOfTurn("此项目不在责令改正的违法行为清单内，请告知或移交")
    _second_officer(doing, given.second_officer)
    at_once = _at_once(detail, listed, given.immediate)
    detail.ordered_at, detail.ordered_at_once = detail.ordered_at or doing.at, at_once
    set_due(doing, at_once=at_once)
    _report_due(doing)


def serve(doing: HazardDoing, given: inputs.ServeInput) -> None:
    """Received, or refused with proof: from now on it is theirs to put right. Told in public, it counts as served once
    the time for that is over."""
    in_public = given.method is ServedBy.PUBLIC_NOTICE
    doing.detail.served_at = doing.at + PUBLIC_FOR if in_public else doing.at
    if given.method is ServedBy.LEFT:
        doing.detail.refused_at = doing.detail.refused_at or doing.at


def fix_on_spot(doing: HazardDoing, given: inputs.FixOnSpotInput) -> None:
    """Put right while we stood there."""
    set_due(doing)
    _fixed(doing, given.photos)


def report_fixed(doing: HazardDoing, given: inputs.ReportFixedInput) -> None:
    """Said to be fixed, by ours with a photo or by the party: to be looked at within three working days."""
    _fixed(doing, given.photos)


def extend(doing: HazardDoing, given: inputs.ExtendInput) -> None:
    """More time, by the chief, before the old time is over."""
    detail = doing.detail
    now = detail.second_due_at or detail.due_at
    if now is None or doing.at >= now:
        raise BadInput.at("given.until", "期限已过，不能再延期")
    until = end_of(given.until)
    if not now < until <= now + LONGEST_EXTENSION:
        raise BadInput.at("given.until", "须晚于原期限，且不超过原期限后 30 日")
    if detail.second_due_at is None:
        set_first(detail, doing.matter.station_id, given.until)
    else:
        detail.second_due_at = until
    doing.terms |= terms(doing.matter.station_id, given.until)


def reinspect(doing: HazardDoing, given: inputs.ReinspectInput) -> None:
    """Looked at again by somebody else than who found it."""
    detail = doing.detail
    if detail.ordered_at is not None:
        _two_of_the_police(doing, given.second_officer)
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
    _report_due(doing)


def receive(doing: HazardDoing, given: inputs.ReceiptInput) -> None:
    """The other unit has it, and said what it means to do."""
    doing.detail.receipted_at = doing.at
    doing.detail.receipt = " ".join(filter(None, [given.receiver, given.receipt]))


def take_back(doing: HazardDoing, given: inputs.TakeBackInput) -> None:
    """No receipt, or refused: it is ours again, and to be told anew."""
    detail = doing.detail
    detail.handed_at = detail.receipt_due_at = None
    detail.handed_to = detail.handed_why = ""
    if detail.due_at is not None:
        set_check(detail, doing.matter.station_id, detail.due_at)


def mark_major(doing: HazardDoing, given: inputs.MajorInput) -> None:
    """Found to be a major fire hazard by the rules for judging them: no list and no level says so by itself."""
    doing.detail.major_at = doing.at
    _report_due(doing)


def report_serious(doing: HazardDoing, given: inputs.SeriousReportInput) -> None:
    """A major fire hazard is written to the street office and the fire rescue body."""
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
    """Looked at on the spot: nothing of the sort is there. What one found oneself, somebody else looks at; who wrote
    a complaint down and goes there himself takes a photo."""
    matter, by = doing.matter, doing.by
    if by.person_id is not None and by.person_id == matter.raised_by_id:
        if doing.detail.source in inputs.OWN_SOURCES and Role.CHIEF not in by.roles:
            raise Forbidden("发现人不能自行认定查无，请由他人到现场核实")
        if not given.photos:
            raise BadInput.at("given.photos", "登记人自己核实的，须拍现场照片")
    matter.outcome = "unfounded"


def close(doing: HazardDoing, given: inputs.CloseInput) -> None:
    """Ended otherwise than by being fixed; handed off only with the receipt."""
    if given.why is inputs.CloseReason.HANDED_OFF and doing.detail.receipted_at is None:
        raise BadInput.at("given.why", "没有回执，不能按移交办结")
    doing.matter.outcome = given.why.value


def _found_at(taking: Taking, given: inputs.HazardIntake) -> datetime:
    if given.found_at is None:
        return taking.at
    if given.found_at.tzinfo is None:
        raise BadInput.at("found_at", "时间须带时区，如 2022-05-10T10:02:00+08:00")
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
        raise BadInput.at("premises", "没有这个场所，或不在您的辖区")
    taking.premises_id, taking.address, taking.community_code = one.pk, one.address, one.community.code
    return one


def _last_seen(premises: Premises | None, at: datetime) -> datetime | None:
    """When somebody had last looked at the place before: verified it, or checked it."""
    known = (premises.verified_at, premises.last_check_at) if premises else ()
    return max((when for when in known if when is not None and when <= at), default=None)


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


def _at_once(detail: Hazard, listed: Order, said: bool | None) -> bool:
    """As the officer says, else as the list does. What was set to be mended at once cannot be given a day by an order."""
    if said is False and detail.span == AT_ONCE:
        raise BadInput.at(
            "given.immediate", "登记时定的是立即整改，只能责令立即改正；确需时间的，责令后由所长延期"
        )
    return detail.span == AT_ONCE or (listed.at_once if said is None else said)


def _report_due(doing: HazardDoing) -> None:
    """A major fire hazard is reported on the day its first paper goes out, or on which it is found to be one after that."""
    detail = doing.detail
    told = detail.told_at or detail.ordered_at or detail.handed_at
    due = detail.major_at is not None and told is not None and detail.reported_at is None
    doing.terms["serious_report"] = localtime(doing.at).date() if due else None


def _two_of_the_police(doing: HazardDoing, other: UUID | None) -> None:
    """What was ordered is looked at again by two officers, neither of whom said it was fixed."""
    if not doing.by.is_machine and not doing.by.roles & POLICE:
        raise Forbidden("责令改正后的复查由民警办理，辅警可以随同")
    if other is None or other == doing.by.person_id:
        raise BadInput.at("given.second_officer", "责令改正后的复查须两名民警，请选另一名")
    if other == doing.matter.acted_by_id:
        raise BadInput.at("given.second_officer", "报整改的人不能复查，请另选一名")
    _second_officer(doing, other)


def _second_officer(doing: HazardDoing, other: UUID) -> None:
    day = localtime(doing.at).date()
    try:
        serving_person(other, roles=POLICE, day=day)
    except BadInput:
        raise BadInput.at("given.second_officer", "须是今天在岗的民警，辅警、网格员不能代替") from None


def _fixed(doing: HazardDoing, photos: list[UUID]) -> None:
    """Said to be fixed: to be looked at within three working days."""
    doing.detail.fixed_at = doing.at
    doing.terms["reinspect"] = to_check(doing.detail, doing.matter.station_id, doing.at)
    doing.detail.after_photos = [*doing.detail.after_photos, *(str(one) for one in photos)]


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
