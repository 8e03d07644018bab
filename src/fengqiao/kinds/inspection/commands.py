"""One small function per act. Each changes the objects it is given, saves nothing, and takes time as given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from fengqiao.checks.models import ChecklistVersion
from fengqiao.checks.queries import current_for, current_named, sheet_of
from fengqiao.ground.merging import one_with_merged
from fengqiao.ground.models import Premises
from fengqiao.kinds.inspection import inputs
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.problems import BadInput, FieldError, Forbidden
from fengqiao.kit.sheets import Finding, ItemType, Sheet, findings, judge
from fengqiao.matters.models import Matter
from fengqiao.matters.registry import Doing, Taking
from fengqiao.matters.states import LoopState
from fengqiao.people.charge import serving_person
from fengqiao.people.roles import FIELD, POLICE

InspectionDoing = Doing[Inspection]
HAZARD = "hazard"
DEFAULT_SPAN = "15d"
SERVING = POLICE | FIELD
# As much as a hazard takes: what a list says and what was noted beside it.
LONGEST_FINDING = 1000


def take(taking: Taking, given: inputs.InspectionIntake) -> Inspection:
    """A check that is due. Raises BadInput for a place that is not in the register."""
    premises = Premises.objects.filter(pk=given.premises, voided_at=None).select_related("community").first()
    if premises is None:
        raise BadInput.at("premises", "登记簿里没有这个场所")
    taking.premises_id = premises.pk
    taking.community_code = premises.community.code
    taking.level = premises.grade
    taking.title = premises.name
    if given.due_on:
        taking.terms["inspect"] = given.due_on
    return Inspection(
        source=given.source.value,
        why=given.why or given.source.says,
        due_on=given.due_on,
        version=_version(given.checklist, premises),
    )


def _version(slug: str | None, premises: Premises) -> ChecklistVersion:
    found = current_named(slug) if slug else current_for(premises.kind)
    if found is None:
        raise BadInput.at("checklist", f"“{premises.get_kind_display()}”还没有常规检查清单，请选一份")
    return found


def inspect(doing: InspectionDoing, given: inputs.InspectInput) -> None:
    """The check itself: answers kept as given, each finding that is not known yet raised as a hazard."""
    detail, matter = doing.detail, doing.matter
    assert detail.version_id is not None
    sheet = _asked(detail.version_id)
    _refuse(judge(sheet, given.answers))
    _officers(doing, given)
    _who_was_there(doing, given)
    detail.knock_reason = given.knock_reason or ""
    seen = findings(sheet, given.answers)
    open_already = _open_items(matter)
    new = [finding for finding in seen if finding.item.code not in open_already]
    for finding in new:
        doing.raise_also(HAZARD, _hazard(finding, doing))
    detail.answers = given.answers
    detail.inspected_at = doing.at
    detail.found, detail.known = len(new), len(seen) - len(new)
    matter.outcome = "found" if seen else "clean"
    doing.move_to(matter.outcome)


def sheet_for(matter: Matter) -> tuple[Sheet, dict[str, Any]]:
    """The pinned list, and what the last check of the place told that does not change from day to day."""
    detail = Inspection.objects.get(pk=matter.pk)
    assert detail.version_id is not None
    sheet = _asked(detail.version_id)
    last = (
        Inspection.objects.filter(matter__premises__in=_ids_of(matter), inspected_at__isnull=False)
        .exclude(pk=matter.pk)
        .order_by("-inspected_at")
        .first()
    )
    lasting = {item.code for item in sheet if not item.seeks and item.type is not ItemType.PHOTO}
    told = last.answers if last else {}
    return sheet, {code: {"value": told[code].get("value")} for code in lasting if code in told}


def _ids_of(matter: Matter) -> list[UUID]:
    """The checked place, by all ids it has."""
    return one_with_merged(matter.premises_id) if matter.premises_id else []


def _asked(version_id: int) -> Sheet:
    """The list as a check asks it: every finding becomes a hazard, and a hazard is found with its photo."""
    return sheet_of(version_id).photographed


def _refuse(faults: Iterable[FieldError]) -> None:
    wrong = tuple(FieldError(f"given.answers.{fault.field}", fault.says) for fault in faults)
    if wrong:
        raise BadInput(f"检查项有 {len(wrong)} 处要改：{wrong[0].says}", errors=wrong)


def _who_was_there(doing: InspectionDoing, given: inputs.InspectInput) -> None:
    doing.detail.accompanied = given.accompanied.value
    doing.detail.signed = bool(given.signature)
    doing.detail.witness = given.witness or ""
    doing.detail.officers = 1 + (given.second_officer is not None)


def _officers(doing: InspectionDoing, given: inputs.InspectInput) -> None:
    """A unit is checked by two of the police; whoever comes along elsewhere serves at the station, too."""
    place = doing.matter.premises
    of_unit = place is not None and place.kind in inputs.TWO_OFFICERS
    if of_unit and not doing.by.is_machine and not doing.by.roles & POLICE:
        raise Forbidden("检查单位由民警主持，辅警、网格员可以随同")
    if given.second_officer is None:
        return
    try:
        serving_person(given.second_officer, roles=POLICE if of_unit else SERVING, day=localdate(doing.at))
    except BadInput:
        who = "须是今天在岗的民警，辅警、网格员不能代替" if of_unit else "须是今天在岗的本所人员"
        raise BadInput.at("given.second_officer", who) from None


def _open_items(matter: Matter) -> set[str]:
    """What is being mended at this place already, whoever found it. What was seen to be mended and is bad again is not
    among it: that is another hazard."""
    held = Matter.objects.filter(kind=HAZARD, premises__in=_ids_of(matter), closed_at=None)
    return set(held.exclude(state=LoopState.VERIFIED).values_list("hazard__item", flat=True))


def _hazard(finding: Finding, doing: InspectionDoing) -> dict[str, Any]:
    item, answer = finding.item, finding.answer
    said = finding.says if not answer.note else f"{finding.says}（{answer.note}）"
    return {
        "premises": doing.matter.premises_id,
        "item": item.code,
        "finding": said[:LONGEST_FINDING],
        "spot": answer.spot or "未注明",
        "severity": str(item.severity),
        "source": doing.detail.source,
        "deadline": item.span or DEFAULT_SPAN,
        "basis": item.basis or None,
        "advice": item.advice or None,
        "photos": [UUID(photo) for photo in answer.photos],
        "checklist_version": doing.detail.version_id,
    }


def nobody_in(doing: InspectionDoing, given: inputs.NobodyInInput) -> None:
    """A knock in vain: it counts as one, and the check stays due."""
    doing.detail.tries += 1


def refused_entry(doing: InspectionDoing, given: inputs.RefusedEntryInput) -> None:
    """Not let in. Nobody is forced; the chief decides what follows."""
    doing.detail.tries += 1


def skip(doing: InspectionDoing, given: inputs.SkipInput) -> None:
    """Nothing to check there this time; the place stays in the register."""
    doing.matter.outcome = "skipped"
