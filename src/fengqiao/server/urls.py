"""Every address of the program, gathered from every room."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from fengqiao.api import figures, matters, photos, stream
from fengqiao.api.root import REFUSALS, make_api
from fengqiao.desk.sign_in import set_language
from fengqiao.field.doors import visits
from fengqiao.field.phones import phones
from fengqiao.field.sealed import sealed
from fengqiao.pages.views import design
from fengqiao.server.finding import kind_modules
from fengqiao.server.health import health_urls
from fengqiao.server.system_page import system_health

api = make_api()
FIELD = (visits(REFUSALS), phones(REFUSALS), sealed(photos.UPLOAD_REFUSALS))
for router in (matters.router, figures.router, photos.router, stream.router, *FIELD):
    api.add_router("", router)
for name in kind_modules("api"):
    api.add_router("", import_module(name).router)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("i18n/setlang/", set_language, name="set_language"),
    *health_urls,
    path("system/health", system_health, name="system_health"),
    *(path("", include(name)) for name in kind_modules("pages")),
    path("", include("fengqiao.field.urls")),
    path("", include("fengqiao.public.urls")),
    path("", include("fengqiao.desk.urls")),
]

if settings.DEVELOPMENT:
    urlpatterns.append(path("design", design))

handler400 = "fengqiao.pages.views.bad_request"
handler403 = "fengqiao.pages.views.forbidden"
handler404 = "fengqiao.pages.views.not_found"
handler500 = "fengqiao.pages.views.server_error"
