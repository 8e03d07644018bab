"""The tags for doors: one place's code on its page, and sheets of them to print and cut."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.ground import queries
from fengqiao.ground.models import Premises
from fengqiao.ground.tags import tag_code
from fengqiao.kit.problems import BadInput
from fengqiao.people.doors import actor, allowed
from fengqiao.people.exporting import note_export
from fengqiao.people.roles import SERVING

MOST = 600
A_SHEET = 12


def tag_card(request: HttpRequest, one: Premises) -> dict[str, Any]:
    """What a page shows of one tag. The NFC address bears a mark, so that a touch is told from a scan."""
    code = tag_code(one)
    address = request.build_absolute_uri(reverse("public:tag", args=[code]))
    return {"tag": code, "tag_drawn": _drawn(address), "nfc_address": f"{address}?t=n"}


@require_http_methods(["POST"])
@allowed(*SERVING)
def sheets(request: HttpRequest) -> HttpResponse:
    """A4, twelve to a sheet; of the chosen places those the caller sees. It leaves the house, so it is noted."""
    caller = actor(request)
    found = list(queries.premises_chosen(caller, _chosen(request)))
    if not found:
        raise BadInput(_("请先勾选场所"))
    note_export(by=caller, what=_("门牌标签"), rows=len(found), purpose=_("打印门牌标签"))
    tags = [{"one": one, **tag_card(request, one)} for one in found]
    pages = [tags[at : at + A_SHEET] for at in range(0, len(tags), A_SHEET)]
    context = {"pages": pages, "count": len(tags), "station": request.station}  # type: ignore[attr-defined]
    return render(request, "desk/premises_tags.html", context)


def _chosen(request: HttpRequest) -> list[UUID]:
    """Raises BadInput for what is no id, and for more than can be printed in one go."""
    try:
        found = [UUID(text) for text in request.POST.getlist("id")]
    except ValueError:
        raise BadInput(_("请先勾选场所")) from None
    if len(found) > MOST:
        raise BadInput(_("一次最多打印 {} 个标签").format(MOST))
    return found


@lru_cache(maxsize=1000)
def _drawn(address: str) -> SafeString:
    """The picture as markup of our own making; the address is a path and holds no markup."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=2, dark="#000", light="#fff", omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308 segno draws it


urlpatterns: list[URLPattern] = [path("premises/tags", sheets, name="premises_tags")]
