"""Photos on the screen, shown to who may see them; before and after side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fengqiao.evidence.models import Photo
from fengqiao.kit.inputs import questions
from fengqiao.matters.models import Matter
from fengqiao.matters.photos import as_answer, last_of, picture
from fengqiao.matters.registry import Act, kind
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING


@allowed(*SERVING)
def photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    return as_answer(picture(photo_id=photo_id, by=actor(request), at=timezone.now()), photo_id)


@allowed(*SERVING)
def thumb(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    return as_answer(picture(photo_id=photo_id, by=actor(request), at=timezone.now(), thumb=True), photo_id)


def pictured(photo: Photo) -> dict[str, str]:
    """A photo of the timeline, as its template prints it."""
    when = f" {localtime(photo.taken_at):%Y-%m-%d %H:%M}" if photo.taken_at else ""
    return {
        "url": reverse("desk:photo", args=[photo.pk]),
        "thumb": reverse("desk:photo_thumb", args=[photo.pk]),
        "says": f"{_(photo.get_kind_display())}{when}",
    }


def pictures_of(matter: Matter, acts: list[Act]) -> dict[str, Photo]:
    """The last photo of each column that is compared, or that one of the acts takes photos beside."""
    compared = kind(matter.kind).compares or ()
    ghosts = {question.ghost for act in acts for question in questions(act.asks) if question.ghost}
    return last_of(matter, {*compared, *ghosts})


def compared(matter: Matter, last: dict[str, Photo]) -> list[dict[str, Any]]:
    """Before and after, as their card prints them; nothing where neither has been photographed."""
    page = kind(matter.kind)
    columns = page.compares or ()
    names = {field.name: field.verbose_name for field in page.detail._meta.concrete_fields}
    if not any(column in last for column in columns):
        return []
    return [
        {
            "says": _(str(names[column])),
            "photo": pictured(last[column]) if column in last else None,
            "on": (last[column].taken_at or last[column].received_at) if column in last else None,
        }
        for column in columns
    ]


def ghosts(act: Act, last: dict[str, Photo]) -> dict[str, str]:
    """The picture shown beside the camera of each photo question, by the question's name."""
    return {
        question.name: reverse("desk:photo_thumb", args=[last[question.ghost].pk])
        for question in questions(act.asks)
        if question.ghost in last
    }


urlpatterns: list[URLPattern] = [
    path("photos/<uuid:photo_id>", photo, name="photo"),
    path("photos/<uuid:photo_id>/thumb", thumb, name="photo_thumb"),
]
