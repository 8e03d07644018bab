"""The rules places are graded by: published to everybody who serves, changed by the chief, tried before they hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.ground.grade_rules import changed_last, rules_of, set_rules
from fengqiao.ground.grading import grade_premises, preview
from fengqiao.ground.models import PremisesGrade
from fengqiao.kit.grading import FACTS, JUDGED, Grade, Rules, read_rules
from fengqiao.kit.problems import BadInput, Forbidden
from fengqiao.people.actors import Actor
from fengqiao.people.doors import actor, allowed, person
from fengqiao.people.roles import SERVING, Role


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(*SERVING)
def grade_settings(request: HttpRequest) -> HttpResponse:
    """`try` shows what the rules would change and writes nothing; `save` writes them and grades anew."""
    caller = actor(request)
    held = rules_of(caller.station_id)
    if request.method != "POST":
        return _page(request, caller, held.plain(), {})
    if Role.CHIEF not in caller.roles:
        raise Forbidden(_("只有所长可以改评级规则"))
    given = _given(request)
    try:
        rules = read_rules(given)
    except BadInput as problem:
        return _page(request, caller, given, {"wrong": problem.errors}, problem.status)
    if "save" not in request.POST:
        return _page(request, caller, given, {"moves": _moves(caller, rules)})
    _save(request, caller, rules)
    return redirect("desk:grade_settings")


def _save(request: HttpRequest, caller: Actor, rules: Rules) -> None:
    at = timezone.now()
    set_rules(station_id=caller.station_id, rules=rules, by_name=person(request).name, at=at)
    found = grade_premises(station_id=caller.station_id, at=at)
    counts = "，".join(f"{says} {found[value]}" for value, says in PremisesGrade.choices)
    messages.success(request, _("已保存，全部场所已重新评级：{}").format(counts))


def _given(request: HttpRequest) -> dict[str, dict[str, str]]:
    """The answers as `read_rules` takes them; what is left empty is no rule."""
    given: dict[str, dict[str, str]] = {str(grade): {} for grade in JUDGED}
    for grade in JUDGED:
        for fact in FACTS:
            text = request.POST.get(f"{grade}.{fact.code}", "").strip()[:10]
            if text:
                given[str(grade)][fact.code] = text
    given["rounds"] = {str(one): request.POST.get(f"rounds.{one}", "").strip()[:10] for one in Grade}
    return given


def _moves(caller: Actor, rules: Rules) -> dict[str, Any]:
    """Per grade how many now and then, and how many places change."""
    moved = preview(station_id=caller.station_id, rules=rules, at=timezone.now())
    rows = [
        {
            "grade": value,
            "says": says,
            "now": sum(n for (before, _after), n in moved.items() if before == value),
            "then": sum(n for (_before, after), n in moved.items() if after == value),
        }
        for value, says in PremisesGrade.choices
    ]
    return {"rows": rows, "changed": sum(n for (before, after), n in moved.items() if before != after)}


def _page(
    request: HttpRequest, caller: Actor, given: dict[str, Any], context: dict[str, Any], status: int = 200
) -> HttpResponse:
    wrong = {error.field: error.says for error in context.get("wrong", ())}
    articles = {(one.grade, one.fact.code): one.number for one in rules_of(caller.station_id).articles()}
    context |= {
        "rows": [
            {
                "fact": fact,
                "says": _(fact.asks),
                "cells": [_cell(f"{grade}.{fact.code}", given, wrong, articles) for grade in JUDGED],
            }
            for fact in FACTS
        ],
        "rounds": [
            {"grade": value, "says": says, **_cell(f"rounds.{value}", given, wrong, {})}
            for value, says in PremisesGrade.choices
        ],
        "errors": wrong,
        "may_change": Role.CHIEF in caller.roles,
        "changed": changed_last(caller.station_id),
    }
    return render(request, "desk/grade_settings.html", context, status=status)


def _cell(
    name: str, given: dict[str, Any], wrong: dict[str, str], articles: dict[tuple[Grade, str], int]
) -> dict[str, Any]:
    part, _dot, code = name.partition(".")
    number = articles.get((Grade(part), code)) if part != "rounds" else None
    value = given.get(part, {}).get(code, "")
    return {"name": name, "value": value, "error": wrong.get(name, ""), "article": number}


urlpatterns: list[URLPattern] = [path("settings/grades", grade_settings, name="grade_settings")]
