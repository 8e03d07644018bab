"""Writing checklists: a new list, a new version of one, its name and use, its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from fengqiao.checks.models import Checklist, ChecklistVersion
from fengqiao.ground.models import PremisesKind
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.kit.sheets import Sheet
from fengqiao.store.scope import require_transaction


def create_list(*, station_id: int, slug: str, name: str, kinds: Iterable[str] = ()) -> Checklist:
    """A list without a version yet. Raises BadInput for a slug in use, or a kind that has its list."""
    require_transaction()
    if Checklist.objects.filter(slug=slug).exists():
        raise BadInput.at("slug", f"代码“{slug}”已有清单")
    made = Checklist(station_id=station_id, slug=slug)
    _name(made, name, kinds)
    made.save(force_insert=True)
    return made


def amend_list(*, checklist: Checklist, name: str, kinds: Iterable[str]) -> Checklist:
    """Another name or use; what was published stays. Raises BadInput."""
    require_transaction()
    _name(checklist, name, kinds)
    checklist.save(update_fields=["name", "premises_kinds"])
    return checklist


def publish(
    *, checklist: Checklist, sheet: Sheet, at: datetime, by: UUID | None = None, note: str = ""
) -> ChecklistVersion:
    """The version in force from now on; the same content again gives the version there is.

    Raises BadInput for a retired list.
    """
    require_transaction()
    locked = Checklist.objects.select_for_update().filter(pk=checklist.pk).first()
    if locked is None:
        raise NotFound("没有这份检查清单")
    if locked.retired_at is not None:
        raise BadInput("这份清单已停用，请先恢复使用")
    last = locked.versions.order_by("-number").first()
    if last is not None and last.digest == sheet.digest:
        return last
    return ChecklistVersion.objects.create(
        station_id=locked.station_id,
        checklist=locked,
        number=last.number + 1 if last else 1,
        items=sheet.to_json(),
        digest=sheet.digest,
        note=note,
        published_at=at,
        published_by_id=by,
    )


def retire_list(*, checklist: Checklist, at: datetime) -> Checklist:
    """No longer used for anything new; what was answered by it can still be read."""
    require_transaction()
    checklist.retired_at = at
    checklist.save(update_fields=["retired_at"])
    return checklist


def restore_list(*, checklist: Checklist) -> Checklist:
    """In use again. Raises BadInput where another list has taken its kinds of place meanwhile."""
    require_transaction()
    _refuse_taken(checklist, checklist.premises_kinds)
    checklist.retired_at = None
    checklist.save(update_fields=["retired_at"])
    return checklist


def _name(checklist: Checklist, name: str, kinds: Iterable[str]) -> None:
    wanted = [kind for kind in PremisesKind.values if kind in set(kinds)]
    if not name.strip():
        raise BadInput.at("name", "必填")
    if checklist.retired_at is None:
        _refuse_taken(checklist, wanted)
    checklist.name, checklist.premises_kinds = name.strip(), wanted


def _refuse_taken(checklist: Checklist, kinds: Iterable[str]) -> None:
    """A kind of place has one regular list at most, so that nobody has to choose at the door."""
    others = Checklist.objects.select_for_update().filter(retired_at=None).exclude(pk=checklist.pk)
    taken = {kind: other for other in others for kind in other.premises_kinds}
    for kind in kinds:
        if kind in taken:
            says = PremisesKind(kind).label
            raise BadInput.at("kinds", f"{says}已在用《{taken[kind].name}》，请先在那份清单里取消")
