"""The app's shell, its manifest and its service worker. None of them holds data: that comes through the slice."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

import fengqiao.pages
from fengqiao.kit.ids import digest
from fengqiao.pages.middleware import PHONE_PERMISSIONS

DIST = Path(fengqiao.pages.__file__).resolve().parent / "static" / "fengqiao" / "dist" / "field"
SHELL = Path(__file__).resolve().parent / "templates" / "field" / "app.html"
MARK = "fengqiao/mark.svg"


@require_safe
@ensure_csrf_cookie
def app(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so that a phone may keep it; whoever is not signed in is told so by the app."""
    answer = render(request, "field/app.html")
    answer.headers["Permissions-Policy"] = PHONE_PERMISSIONS
    return answer


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    told = {
        "name": _("枫桥手机"),
        "short_name": _("枫桥"),
        "lang": "zh-Hans-CN",
        "start_url": reverse("field:app"),
        "scope": reverse("field:app"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#12294d",
        "theme_color": "#12294d",
        "icons": [{"src": static(MARK), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(
        told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The built service worker behind the list of what it keeps, by the names the files are served under."""
    kept = [reverse("field:app"), *(static(name) for name in _built()["files"]), static(MARK)]
    told = {"version": _version(), "files": kept}
    script = f"self.BUILT={json.dumps(told)};\n{(DIST / 'sw.js').read_text(encoding='utf-8')}"
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Service-Worker-Allowed": reverse("field:app"), "Cache-Control": "no-cache"},
    )


@cache
def _version() -> str:
    """Another one whenever a byte of what is kept changes, the page itself included."""
    shell = SHELL.read_text(encoding="utf-8")
    return digest([_built()["version"], shell])[:12]


@cache
def _built() -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = json.loads((DIST / "built.json").read_text(encoding="utf-8"))
    return found


urlpatterns: list[URLPattern] = [
    path("field", app, name="app"),
    path("field/manifest.webmanifest", manifest, name="manifest"),
    path("field/sw.js", worker, name="worker"),
]
