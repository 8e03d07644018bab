"""Checklists at the desk: what is in use, its versions and what each changed; a new version from a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fengqiao.checks import commands, queries
from fengqiao.checks.drafts import draft_of
from fengqiao.checks.exporting import own_xlsx, xlsform
from fengqiao.checks.importing import CHECKLISTS
from fengqiao.checks.inputs import FileInput, ListInput
from fengqiao.checks.models import Checklist, ChecklistVersion
from fengqiao.ground import importing
from fengqiao.ground.importing import Context
from fengqiao.ground.importing.reading import MOST_BYTES
from fengqiao.ground.models import ImportRun, PremisesKind
from fengqiao.kit.inputs import validate
from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.kit.sheets import Change, Item, ItemType, Sheet, differences
from fengqiao.kit.sheets.faults import AT_ONCE, WORDS
from fengqiao.kit.sheets.table import cells_of
from fengqiao.matters.span_words import span_told
from fengqiao.pages.forms import BoundForm
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import SERVING, Role

PUBLISHING = (Role.DESK, Role.CHIEF)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WRITERS = {"xlsx": own_xlsx, "xlsform": xlsform}
HOW = {
    "added": (gettext_lazy("新增"), "good"),
    "changed": (gettext_lazy("修改"), "warn"),
    "removed": (gettext_lazy("删去"), "burn"),
}


@require_safe
@allowed(*SERVING)
def checklists(request: HttpRequest) -> HttpResponse:
    rows = [
        {"one": one.checklist, "version": one.version, "kinds": _kinds(one.checklist)}
        for one in queries.all_lists()
    ]
    context = {"rows": rows, "may_publish": _may(request), "now": timezone.now()}
    return render(request, "desk/checklists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*PUBLISHING)
def checklist_new(request: HttpRequest) -> HttpResponse:
    """A new list from a file; the file of a list there is becomes its next version."""
    data = request.POST if request.method == "POST" else None
    form, problem = BoundForm(FileInput, data=data), None
    if data is not None:
        try:
            return redirect("desk:checklist_draft", _drafted(request, form.given()).pk)
        except Problem as found:
            problem, form = found, BoundForm(FileInput, data=data, errors=found.errors)
    context = {"form": form, "problem": problem, "accept": CHECKLISTS.accept, "most_mb": MOST_BYTES // 2**20}
    return render(request, "desk/checklist_new.html", context, status=problem.status if problem else 200)


@require_safe
@allowed(*SERVING)
def checklist(request: HttpRequest, checklist_id: int) -> HttpResponse:
    return _page(request, queries.one_list(checklist_id))


@require_POST
@allowed(*PUBLISHING)
def checklist_name(request: HttpRequest, checklist_id: int) -> HttpResponse:
    one = queries.one_list(checklist_id)
    try:
        asked = validate(ListInput, _name_form(one, data=request.POST).given())
        commands.amend_list(checklist=one, name=asked.name, kinds=[str(kind) for kind in asked.kinds])
    except BadInput as problem:
        return _page(request, one, form=_name_form(one, data=request.POST, errors=problem.errors), status=422)
    messages.success(request, _("已保存"))
    return redirect("desk:checklist", one.pk)


@require_POST
@allowed(*PUBLISHING)
def checklist_upload(request: HttpRequest, checklist_id: int) -> HttpResponse:
    """A file for the next version of this list; on to the preview of what it changes."""
    one = queries.one_list(checklist_id)
    note = request.POST.get("note", "").strip()
    try:
        run = _drafted(request, {"slug": one.slug, **({"note": note} if note else {})})
    except Problem as problem:
        return _page(request, one, problem=problem, status=problem.status)
    return redirect("desk:checklist_draft", run.pk)


@require_POST
@allowed(*PUBLISHING)
def checklist_retire(request: HttpRequest, checklist_id: int) -> HttpResponse:
    one = commands.retire_list(checklist=queries.one_list(checklist_id), at=timezone.now())
    messages.success(request, _("《{}》已停用").format(one.name))
    return redirect("desk:checklist", one.pk)


@require_POST
@allowed(*PUBLISHING)
def checklist_restore(request: HttpRequest, checklist_id: int) -> HttpResponse:
    one = queries.one_list(checklist_id)
    try:
        commands.restore_list(checklist=one)
    except BadInput as problem:
        messages.error(request, str(problem))
    return redirect("desk:checklist", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*PUBLISHING)
def checklist_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What a version would change; posting publishes exactly that."""
    draft = draft_of(draft_id)
    if request.method == "POST" and draft.publishes:
        run = importing.commit(run_id=draft.run.pk, context=_context(request))
        published = Checklist.objects.get(slug=run.options["slug"])
        messages.success(request, _("《{}》已发布新版本").format(published.name))
        return redirect("desk:checklist", published.pk)
    context = {
        "draft": draft,
        "name": draft.checklist.name if draft.checklist else _named(draft.run),
        "changes": [_change(one) for one in draft.changes] if draft.before else [],
        "groups": _groups(draft.sheet) if draft.sheet else [],
        "failed": [
            {
                "number": v.number,
                "summary": v.summary,
                "faults": [(CHECKLISTS.headers.get(f.field, ""), f.says) for f in v.faults],
            }
            for v in draft.failed
        ],
    }
    return render(request, "desk/checklist_draft.html", context)


@require_safe
@allowed(*SERVING)
def checklist_file(request: HttpRequest, version_id: int, shape: str) -> HttpResponse:
    version = ChecklistVersion.objects.select_related("checklist").filter(pk=version_id).first()
    if version is None or shape not in WRITERS:
        raise NotFound
    one = version.checklist
    data = WRITERS[shape](queries.sheet_of(version.pk), name=one.name, slug=one.slug, number=version.number)
    mark = "-xlsform" if shape == "xlsform" else ""
    headers = {"Content-Disposition": f'attachment; filename="{_ascii(one)}-v{version.number}{mark}.xlsx"'}
    return HttpResponse(data, content_type=SHEET, headers=headers)


def _page(
    request: HttpRequest,
    one: Checklist,
    *,
    form: BoundForm | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list by one of its versions: the one asked for, else the one in force."""
    versions = queries.versions_of(one)
    wanted = request.GET.get("version", "")
    shown = next((v for v in versions if str(v.number) == wanted), versions[0] if versions else None)
    before = next((v for v in versions if shown and v.number < shown.number), None)
    sheet = queries.sheet_of(shown.pk) if shown else Sheet(())
    changes = differences(queries.sheet_of(before.pk), sheet) if before else []
    context = {
        "one": one,
        "kinds": _kinds(one),
        "versions": versions,
        "shown": shown,
        "groups": _groups(sheet),
        "count": len(sheet),
        "before": before,
        "changes": [_change(change) for change in changes],
        "form": form or _name_form(one),
        "problem": problem,
        "accept": CHECKLISTS.accept,
        "most_mb": MOST_BYTES // 2**20,
        "may_publish": _may(request),
        "now": timezone.now(),
    }
    return render(request, "desk/checklist.html", context, status=status)


def _name_form(one: Checklist, **more: Any) -> BoundForm:
    return BoundForm(ListInput, initial={"name": one.name, "kinds": one.premises_kinds}, **more)


def _drafted(request: HttpRequest, options: dict[str, Any]) -> ImportRun:
    """The file judged and kept for a day. Raises a Problem for one that cannot be judged by row."""
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise BadInput(_("请选择要导入的文件"))
    # One byte more than may be: the rest of a file that is too large is never read.
    data = sent.read(MOST_BYTES + 1)
    context = _context(request, sent.name, options)
    return importing.preview(what=CHECKLISTS.what, data=data, context=context)


def _context(request: HttpRequest, filename: str = "", options: Any = None) -> Context:
    caller = person(request)
    return Context(caller.station, timezone.now(), filename, actor(request), caller.name, options)


def _may(request: HttpRequest) -> bool:
    return bool(actor(request).roles & frozenset(PUBLISHING))


def _kinds(one: Checklist) -> list[str]:
    return [str(PremisesKind(kind).label) for kind in one.premises_kinds]


def _named(run: ImportRun) -> str:
    return str(run.options.get("name") or run.options.get("slug") or run.filename)


def _change(change: Change) -> dict[str, Any]:
    says, tone = HOW[change.how]
    now, was = cells_of(change.item), cells_of(change.before) if change.before else {}
    parts = [(_(WORDS[name]), was[name], now[name]) for name in change.parts]
    return {"says": says, "tone": tone, "item": change.item, "parts": parts}


def _groups(sheet: Sheet) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(says, list(map(_row, items))) for says, items in sheet.groups]


def _row(item: Item) -> dict[str, Any]:
    """An item with its good answers and its deadline in words."""
    words = dict(item.options)
    yes_no = item.type is ItemType.YES_NO_NA
    good = [_(words[one]) if yes_no else words.get(one, one) for one in item.good]
    span = _("立即") if item.span == AT_ONCE else span_told(item.span) if item.span else ""
    return {"item": item, "good": "、".join(good), "span": span}


def _ascii(one: Checklist) -> str:
    """A file's name every browser takes; the list is told by its slug where that is plain."""
    return one.slug if one.slug.isascii() else f"checklist-{one.pk}"


urlpatterns: list[URLPattern] = [
    path("settings/checklists/", checklists, name="checklists"),
    path("settings/checklists/new", checklist_new, name="checklist_new"),
    path("settings/checklists/drafts/<uuid:draft_id>/", checklist_draft, name="checklist_draft"),
    path("settings/checklists/versions/<int:version_id>/<slug:shape>", checklist_file, name="checklist_file"),
    path("settings/checklists/<int:checklist_id>/", checklist, name="checklist"),
    path("settings/checklists/<int:checklist_id>/name", checklist_name, name="checklist_name"),
    path("settings/checklists/<int:checklist_id>/upload", checklist_upload, name="checklist_upload"),
    path("settings/checklists/<int:checklist_id>/retire", checklist_retire, name="checklist_retire"),
    path("settings/checklists/<int:checklist_id>/restore", checklist_restore, name="checklist_restore"),
]
