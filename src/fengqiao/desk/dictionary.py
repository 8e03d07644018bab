"""The data dictionary and the impact assessment, both read off the declarations: counts, never a value."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.kit.tables.writing import write_xlsx
from fengqiao.matters import keeping
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import ADMINS, Role
from fengqiao.store import dictionary

READERS = (Role.CHIEF, *sorted(ADMINS))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allowed(*READERS)
def show(request: HttpRequest) -> HttpResponse:
    """Every column by room; personal ones alone with `?personal=1`."""
    lives, only = _lives(), request.GET.get("personal") == "1"
    rows = [row for row in dictionary.rows(lives) if row.personal or not only]
    rooms = {
        room: [row for row in rows if row.room == room] for room in dict.fromkeys(row.room for row in rows)
    }
    tabs: list[dict[str, Any]] = [
        {"says": _("全部列"), "url": request.path, "active": not only},
        {"says": _("个人信息"), "url": f"{request.path}?personal=1", "active": only},
    ]
    context = {"rooms": rooms, "purposes": dictionary.purposes(lives, count=True), "tabs": tabs}
    return render(request, "desk/dictionary.html", context)


@allowed(*READERS)
def workbook(request: HttpRequest) -> HttpResponse:
    """The same as a file: the columns, and the purposes with their counts and notices."""
    lives, station = _lives(), _station(request)
    answer = HttpResponse(
        write_xlsx(
            {
                "数据字典": [dictionary.HEADERS, *(row.cells() for row in dictionary.rows(lives))],
                "处理目的": [
                    ("目的", "依据", "分级", "保存期限", "内容", "现有条数", "告知"),
                    *(_purpose(found, station) for found in dictionary.purposes(lives, count=True)),
                ],
            }
        ),
        content_type=XLSX,
    )
    answer["Content-Disposition"] = 'attachment; filename="data-dictionary.xlsx"'
    return answer


@allowed(*READERS)
def impact(request: HttpRequest) -> HttpResponse:
    """个人信息保护影响评估 (PIPL arts. 55-56), to print and to sign."""
    station = _station(request)
    found = dictionary.purposes(_lives(), count=True)
    context = {
        "station": station,
        "on": timezone.now(),
        "purposes": [(purpose, _notice(purpose, station)) for purpose in found],
        "kept": keeping.kept(at=timezone.now()),
    }
    return render(request, "desk/impact.html", context)


def _lives() -> dict[str, str]:
    return keeping.lives_said(keeping.days_of())


def _station(request: HttpRequest) -> Station:
    return Station.objects.get(pk=actor(request).station_id)


def _notice(purpose: dictionary.Purpose, station: Station) -> str:
    """Staff are told by their duty papers; the public by these words."""
    if purpose.of_staff:
        return ""
    return dictionary.notice(purpose, station=station.name, phone=station.public_phone)


def _purpose(purpose: dictionary.Purpose, station: Station) -> tuple[Any, ...]:
    what = "、".join(purpose.columns)
    told = _notice(purpose, station)
    return (purpose.says, purpose.basis, purpose.class_says, purpose.life, what, purpose.held, told)


urlpatterns: list[URLPattern] = [
    path("data/", show, name="dictionary"),
    path("data/dictionary.xlsx", workbook, name="dictionary_xlsx"),
    path("data/impact", impact, name="impact"),
]
