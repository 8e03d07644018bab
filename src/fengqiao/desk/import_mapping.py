"""Somebody else's columns made ours on the screen: chosen column by column, seen at once on the file's own rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fengqiao.desk.imports import IMPORTING, import_context, importers_of, one_importer, one_run
from fengqiao.ground import importing
from fengqiao.ground.importing import Column, ColumnMap, Context, Importer
from fengqiao.ground.importing.mapping import MOST_VALUES, TAKES, mapped_rows, values_found
from fengqiao.ground.importing.saved import one_mapping
from fengqiao.ground.models import ImportRun
from fengqiao.kit.days_as_written import DayForm
from fengqiao.kit.problems import Problem
from fengqiao.kit.tables import Table
from fengqiao.people.doors import allowed

ROWS_SHOWN = 20
# A column of words of its own (names, texts) is no list of values to put into ours.
FEW_VALUES = 12
TEXT = "="


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the page works on: the run, its importer, the table as it came."""

    run: ImportRun
    page: Importer
    table: Table
    context: Context


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*IMPORTING)
def import_mapping(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Look, save, or go on to the verdict on every row."""
    run = one_run(request, run_id)
    page = one_importer(request, run.what)
    work = Mapping(run, page, importing.table_kept(run), import_context(request, run.filename))
    if request.method != "POST":
        first, note = _first(request, work)
        return _shown(request, work, first, note=note)
    try:
        chosen = _chosen(request.POST, page)
    except Problem as problem:
        return _shown(request, work, ColumnMap(what=page.what, columns={}), problem=problem)
    try:
        if request.POST.get("do") == "save" or (chosen.name and request.POST.get("do") == "judge"):
            importing.save_mapping(chosen, headers=work.table.headers, context=work.context)
        if request.POST.get("do") == "judge":
            importing.preview_mapped(run_id=run.pk, mapping=chosen, context=work.context)
            return redirect("desk:import_run", run.pk)
    except Problem as problem:
        return _shown(request, work, chosen, problem=problem)
    if request.POST.get("do") == "save":
        messages.success(request, _("已保存对应关系：{}").format(chosen.name))
    return _shown(request, work, chosen)


@allowed(*IMPORTING)
def import_mapping_file(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """As `fengqiao import --mapping FILE` reads it."""
    one = one_mapping(mapping_id, importers_of(request))
    answer = HttpResponse(
        json.dumps(one.content, ensure_ascii=False, indent=2), content_type="application/json"
    )
    answer["Content-Disposition"] = content_disposition_header(True, f"{one.name}.json") or "attachment"
    return answer


@require_POST
@allowed(*IMPORTING)
def import_mapping_drop(request: HttpRequest, mapping_id: int) -> HttpResponse:
    one = one_mapping(mapping_id, importers_of(request))
    one.delete()
    messages.success(request, _("已删除对应关系：{}").format(one.name))
    return redirect("desk:import_file", one.what)


def _first(request: HttpRequest, work: Mapping) -> tuple[ColumnMap, str]:
    """The one asked for, the one made before, the one these headers are known by, or a guess."""
    what = work.page.what
    if name := request.GET.get("use", ""):
        return importing.saved_mapping(what, name), ""
    if made := importing.mapping_of(work.run):
        return made, ""
    if known := importing.known_by_headers(what, work.table.headers):
        return known, _("认得这份表头，已套用“{}”。").format(known.name)
    guessed = importing.guess(work.table, work.page, work.context)
    return guessed, _("以下按相近的字样猜出，请逐列看一遍。")


def _chosen(posted: QueryDict, page: Importer) -> ColumnMap:
    """The form as a mapping; what is not filled in yet is simply not there."""
    columns = {column.name: _source(posted, column.name) for column in page.columns}
    values = _values_chosen(posted, page)
    dates = posted.get("dates", "")
    content = {
        "what": page.what,
        "name": posted.get("name", "").strip()[:60],
        "columns": columns,
        "dates": dates if dates in list(DayForm) else DayForm.AUTO,
        "values": values,
    }
    return importing.read_mapping(content, page)


def _values_chosen(posted: QueryDict, page: Importer) -> dict[str, dict[str, str]]:
    """What the page shows, over what the mapping knew of values this file does not hold."""
    try:
        before = json.loads(posted.get("values", "") or "{}")
    except ValueError:
        before = {}
    values = importing.read_mapping({"what": page.what, "columns": {}, "values": before}, page).values
    for column in page.columns:
        pairs = zip(
            posted.getlist(f"their-{column.name}"), posted.getlist(f"our-{column.name}"), strict=False
        )
        known = values.get(column.name, {}) | {their: our.strip() for their, our in pairs if their}
        values[column.name] = {their: our for their, our in known.items() if our}
    return {name: pairs for name, pairs in values.items() if pairs}


def _source(posted: QueryDict, name: str) -> str:
    taken = posted.get(f"from-{name}", "")
    return posted.get(f"text-{name}", "")[:400] if taken == TEXT else taken[:400]


def _shown(
    request: HttpRequest, work: Mapping, chosen: ColumnMap, *, note: str = "", problem: Problem | None = None
) -> HttpResponse:
    used = [column for column in work.page.columns if column.name in chosen.columns]
    context = {
        "run": work.run,
        "page": work.page,
        "chosen": chosen,
        "note": note,
        "problem": problem,
        "headers": [(f"{{{header}}}", header) for header in work.table.headers],
        "examples": work.table.rows[:1],
        "columns": [_column(column, chosen, work) for column in work.page.columns],
        "missing": [c.header for c in work.page.columns if c.required and c.name not in chosen.columns],
        "dates": DayForm.pairs(),
        "has_days": any(column.day for column in work.page.columns),
        "values_known": json.dumps(chosen.values, ensure_ascii=False),
        "values": [found for column in used if (found := _values(column, chosen, work))],
        "used": used,
        "rows": _rows(used, chosen, work),
        "total": len(work.table.rows),
        "saved": importing.saved_mappings(work.page.what),
    }
    return render(request, "desk/import_mapping.html", context, status=problem.status if problem else 200)


def _column(column: Column, chosen: ColumnMap, work: Mapping) -> dict[str, Any]:
    text = chosen.columns.get(column.name, "")
    whole = TAKES.fullmatch(text)
    is_text = bool(text) and not (whole and whole[1] in work.table.headers)
    return {
        "one": column,
        "taken": TEXT if is_text else text,
        "text": text if is_text else "",
        "offered": list(column.offered(work.context)),
        "lacks": column.required and not text,
    }


def _values(column: Column, chosen: ColumnMap, work: Mapping) -> dict[str, Any] | None:
    """The values a column holds with their counts, where putting them into ours makes sense."""
    found = values_found(work.table, chosen, column) if not column.day else []
    offered = list(column.offered(work.context))
    few = len(found) <= FEW_VALUES and len(found) * 3 <= len(work.table.rows)
    if not found or not (offered or few):
        return None
    ours = chosen.values.get(column.name, {})
    return {
        "one": column,
        "offered": offered,
        "rows": [
            {"their": their, "count": count, "our": ours.get(their, ""), "fits": their in offered}
            for their, count in found[:MOST_VALUES]
        ],
        "more": max(len(found) - MOST_VALUES, 0),
    }


def _rows(used: list[Column], chosen: ColumnMap, work: Mapping) -> list[dict[str, Any]]:
    """The first rows as they would read, a faulty cell with its fault."""
    shown = []
    for given in mapped_rows(work.table, chosen, work.page, work.context, most=ROWS_SHOWN):
        faults = {fault.field: fault.says for fault in given.faults}
        cells = [(column, given.text(column.name), faults.get(column.name, "")) for column in used]
        shown.append({"number": given.number, "cells": cells})
    return shown


urlpatterns: list[URLPattern] = [
    path("imports/runs/<uuid:run_id>/mapping", import_mapping, name="import_mapping"),
    path("imports/mappings/<int:mapping_id>", import_mapping_file, name="import_mapping_file"),
    path("imports/mappings/<int:mapping_id>/drop", import_mapping_drop, name="import_mapping_drop"),
]
