"""The app's shell, its manifest and its service worker. None of them holds data: that comes through the slice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
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

FOLDER = "fengqiao/dist/field"
ENTRIES = ("app.js", "early.js", "app-style.css")
DIST = Path(fengqiao.pages.__file__).resolve().parent / "static" / FOLDER
SHELL = Path(__file__).resolve().parent / "templates" / "field" / "app.html"
MARK = "fengqiao/mark.svg"
# What the app says in English; tools/words.py writes it from phone.po.
ENGLISH = Path(__file__).resolve().parent / "locale" / "en" / "LC_MESSAGES" / "phone.json"


@require_safe
@ensure_csrf_cookie
def app(request: HttpRequest) -> HttpResponse:
    """The same for everybody, so that a phone may keep it; whoever is not signed in is told so by the app."""
    answer = render(request, "field/app.html", {"first": [_chunk(name) for name in _built().first]})
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
def words(request: HttpRequest) -> HttpResponse:
    """The app's sentences in English, by their Chinese: asked for where that is the language, kept with the app."""
    return HttpResponse(
        ENGLISH.read_bytes(), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The built service worker behind the list of what it keeps, by the names the files are served under."""
    files = [*(static(f"{FOLDER}/{name}") for name in ENTRIES), *map(_chunk, _built().chunks), static(MARK)]
    kept = [reverse("field:app"), *files, reverse("field:words")]
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
    shell, english = (path.read_text(encoding="utf-8") for path in (SHELL, ENGLISH))
    return digest([_built().version, shell, english])[:12]


def _chunk(name: str) -> str:
    """Its name holds its digest already, and the other scripts import it by that name."""
    return f"{settings.STATIC_URL}{FOLDER}/{name}"


@dataclass(frozen=True)
class Built:
    """What `web/build.mjs` made: parts of the script by the names they import each other, those the entry needs."""

    version: str
    chunks: list[str]
    first: list[str]


@cache
def _built() -> Built:
    return Built(**json.loads((DIST / "built.json").read_text(encoding="utf-8")))


urlpatterns: list[URLPattern] = [
    path("field", app, name="app"),
    path("field/manifest.webmanifest", manifest, name="manifest"),
    path("field/sw.js", worker, name="worker"),
    path("field/words.json", words, name="words"),
]
