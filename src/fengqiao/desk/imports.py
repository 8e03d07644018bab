"""Importing on the screen: choose what, send a file, read the verdict on every row, commit exactly that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from fengqiao.ground import importing
from fengqiao.ground.importing import Context, Importer, Standing
from fengqiao.ground.importing.reading import MOST_BYTES
from fengqiao.ground.models import ImportRun, ImportState
from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.pages.forms import BoundForm
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import Role

IMPORTING = (Role.DESK, Role.CHIEF, Role.SECURITY_ADMIN)
A_PAGE = 100
RUNS_SHOWN = 20
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {Standing.OK: "good", Standing.FAILED: "burn", Standing.SKIPPED: "plain"}
ICONS = {
    "premises": "house",
    "communities": "map",
    "grids": "table",
    "divisions": "pin",
    "holidays": "calendar",
    "people": "people",
    "alerts": "bell",
    "checklists": "check-circle",
    "histories": "search",
}


@allowed(*IMPORTING)
def imports(request: HttpRequest) -> HttpResponse:
    mine = _mine(request)
    says = {page.what: page.says for page in mine}
    runs = importing.recent(says, most=RUNS_SHOWN)
    context = {
        "importers": [{"page": page, "icon": ICONS.get(page.what, "upload")} for page in mine],
        "runs": [{"run": run, "says": says[run.what]} for run in runs],
        "now": timezone.now(),
    }
    return render(request, "desk/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*IMPORTING)
def import_file(request: HttpRequest, what: str) -> HttpResponse:
    """A file that cannot be read row by row comes back with the reason; else on to its preview."""
    page, problem = one_importer(request, what), None
    data = request.POST if request.method == "POST" else None
    form = BoundForm(page.asks, data=data) if page.asks else None
    if data is not None:
        try:
            run = _arrived(request, page, form)
        except Problem as found:
            problem = found
        else:
            return redirect(address_of(run), run.pk)
    if problem and page.asks:
        form = BoundForm(page.asks, data=data, errors=problem.errors)
    context = {
        "page": page,
        "form": form,
        "problem": problem,
        "most_mb": MOST_BYTES // 2**20,
        "mappings": importing.saved_mappings(what),
    }
    return render(request, "desk/import_file.html", context, status=problem.status if problem else 200)


@allowed(*IMPORTING)
def import_template(request: HttpRequest, what: str) -> HttpResponse:
    page = one_importer(request, what)
    if not page.tabular:
        raise NotFound(_("这一类没有表格模板"))
    return _sheet(importing.template(page, import_context(request)), f"{page.what}-template")


@allowed(*IMPORTING)
def import_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The preview, and after the commit the result: the same page, told in another tense."""
    run = one_run(request, run_id)
    if run.state == ImportState.MAPPING:
        return redirect("desk:import_mapping", run.pk)
    page = one_importer(request, run.what)
    context = {"run": run, "page": page, "now": timezone.now()}
    if run.is_carried:
        return _going(request, context)
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return render(request, "desk/import_run.html", context | _shown(request, run, page))


def _going(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """How far the worker is; the page asks again by itself until there is a result."""
    context["writing"] = context["run"].state == ImportState.WRITING
    return render(request, "desk/import_going.html", context)


@require_POST
@allowed(*IMPORTING)
def import_commit(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = importing.commit(run_id=one_run(request, run_id).pk, context=import_context(request))
    if run.committed_at:
        messages.success(request, _("已导入 {} 行").format(run.ok))
    return redirect("desk:import_run", run.pk)


@allowed(*IMPORTING)
def import_failed(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rows to mend, with their reasons, in the shape of the template."""
    run = one_run(request, run_id)
    page = one_importer(request, run.what)
    return _sheet(
        importing.failed_rows(page, importing.report(run), import_context(request)), f"{run.what}-failed"
    )


def _mine(request: HttpRequest) -> list[Importer]:
    roles = frozenset(str(role) for role in actor(request).roles)
    return [page for page in importing.importers() if page.roles & roles]


def importers_of(request: HttpRequest) -> list[str]:
    """What the caller may import."""
    return [page.what for page in _mine(request)]


def one_importer(request: HttpRequest, what: str) -> Importer:
    """Raises NotFound for what the caller may not import."""
    found = next((page for page in _mine(request) if page.what == what), None)
    if found is None:
        raise NotFound
    return found


def one_run(request: HttpRequest, run_id: UUID) -> ImportRun:
    return importing.one_run(run_id, importers_of(request))


def import_context(request: HttpRequest, filename: str = "", options: Any = None) -> Context:
    caller = person(request)
    return Context(caller.station, timezone.now(), filename, actor(request), caller.name, options)


def address_of(run: ImportRun) -> str:
    """Where a run goes on."""
    return "desk:import_mapping" if run.state == ImportState.MAPPING else "desk:import_run"


def _arrived(request: HttpRequest, page: Importer, form: BoundForm | None) -> ImportRun:
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise BadInput(_("请选择要导入的文件"))
    # One byte more than may be: the rest of a file that is too large is never read.
    data = sent.read(MOST_BYTES + 1)
    context = import_context(request, sent.name, form.given() if form else None)
    by_column = request.POST.get("by_column") == "1"
    return importing.arrive(what=page.what, data=data, context=context, by_column=by_column)


def _shown(request: HttpRequest, run: ImportRun, page: Importer) -> dict[str, Any]:
    """The rows under the tab that is open; none when their day is over."""
    show = request.GET.get("show", "")
    show = show if show in list(Standing) else ""
    try:
        rows = importing.Verdicts(run, show)
    except NotFound:
        return {"gone": True}
    paged = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return {
        "may_map_again": bool(run.content) and not run.committed_at,
        "tabs": _tabs(run, show),
        "page_of_rows": paged,
        "rows": [
            {
                "number": verdict.number,
                "standing": _says(verdict.standing, run),
                "tone": TONES[verdict.standing],
                "summary": verdict.summary,
                "faults": [(page.headers.get(fault.field, ""), fault.says) for fault in verdict.faults],
                "note": verdict.note,
                "failed": verdict.standing is Standing.FAILED,
            }
            for verdict in paged.object_list
        ],
    }


def _says(standing: Standing, run: ImportRun) -> str:
    if standing is Standing.OK:
        return _("已导入") if run.committed_at else _("可导入")
    return _("未通过") if standing is Standing.FAILED else _("跳过")


def _tabs(run: ImportRun, show: str) -> list[dict[str, Any]]:
    counts = [
        ("", _("全部"), run.rows),
        (Standing.FAILED.value, _("未通过"), run.failed),
        (Standing.OK.value, _("可导入"), run.ok),
        (Standing.SKIPPED.value, _("跳过"), run.skipped),
    ]
    return [
        {"url": f"?show={value}" if value else "?", "says": says, "count": count, "active": show == value}
        for value, says, count in counts
    ]


def _sheet(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


urlpatterns: list[URLPattern] = [
    path("imports/", imports, name="imports"),
    path("imports/runs/<uuid:run_id>/", import_run, name="import_run"),
    path("imports/runs/<uuid:run_id>/commit", import_commit, name="import_commit"),
    path("imports/runs/<uuid:run_id>/failed", import_failed, name="import_failed"),
    path("imports/<slug:what>/", import_file, name="import_file"),
    path("imports/<slug:what>/template", import_template, name="import_template"),
]
