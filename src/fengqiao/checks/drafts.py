"""A version before it is published: an import that was judged and waits, told as what it would change."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fengqiao.checks.importing import CHECKLISTS, before_of, items_of
from fengqiao.checks.models import Checklist
from fengqiao.ground import importing
from fengqiao.ground.importing import Standing, Verdict
from fengqiao.ground.models import ImportRun
from fengqiao.kit.sheets import Change, Sheet, differences


@dataclass(frozen=True, slots=True)
class Draft:
    """`checklist` is None where the file makes a new list; `sheet` is None while a row is wrong."""

    run: ImportRun
    checklist: Checklist | None
    before: Sheet | None
    sheet: Sheet | None
    changes: list[Change]
    failed: list[Verdict]

    @property
    def reordered(self) -> bool:
        """The same items in another order."""
        same = self.before is not None and self.sheet is not None and not self.changes
        return same and self.before != self.sheet

    @property
    def publishes(self) -> bool:
        return self.run.ok > 0 and self.run.committed_at is None


def draft_of(run_id: UUID) -> Draft:
    """Raises NotFound for what is no draft, or past its day."""
    run = importing.one_run(run_id, [CHECKLISTS.what])
    found = importing.report(run)
    slug = str(run.options.get("slug") or "")
    _passed, _asked, items = items_of(found.rows)
    before = before_of(slug)
    sheet = None if found.failed or not items else Sheet(tuple(items))
    return Draft(
        run=run,
        checklist=Checklist.objects.filter(slug=slug).first(),
        before=before,
        sheet=sheet,
        changes=differences(before, sheet) if sheet else [],
        failed=[verdict for verdict in found.verdicts if verdict.standing is Standing.FAILED],
    )
