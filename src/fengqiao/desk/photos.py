"""Photos on the screen: kept as they come with a form, before the form is judged; shown to who may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fengqiao.evidence.commands import MOST_BYTES, PhotoGiven, Purpose, keep_photo
from fengqiao.evidence.models import Photo
from fengqiao.kit.inputs import Input, questions
from fengqiao.kit.problems import BadInput, FieldError, Problem, TooLarge
from fengqiao.kit.sheets import Sheet
from fengqiao.matters.photos import as_answer, picture
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import SERVING

MOST_AT_ONCE = 20


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


def with_photos(
    request: HttpRequest,
    asked: type[Input],
    *,
    prefix: str = "",
    sheets: Mapping[str, Sheet] | None = None,
    **_: Any,
) -> tuple[QueryDict, tuple[FieldError, ...]]:
    """What was posted, with the ids of the photos that came with it as answers, and what was wrong with others.

    Kept whatever else is wrong with the form: nobody photographs a door twice for a missing word.
    """
    data, wrong = request.POST.copy(), list[FieldError]()
    for own, purpose in _asking(asked, sheets or {}):
        name = f"{prefix}-{own}" if prefix else own
        for file in request.FILES.getlist(name)[:MOST_AT_ONCE]:
            try:
                _add(data, name, str(_kept(request, purpose, name, file)))
            except Problem as problem:
                wrong.append(FieldError(own, f"{_named(file)}{problem}"))
    return data, tuple(wrong)


def _asking(asked: type[Input], sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Purpose]]:
    """The fields files may come in: questions for photos, and the items of a checklist."""
    for question in questions(asked):
        if question.widget in ("photos", "signature"):
            yield question.name, Purpose.SIGNATURE if question.widget == "signature" else Purpose.PHOTO
        elif question.widget == "sheet":
            for item in sheets.get(question.name) or ():
                yield f"{question.name}.{item.code}.photos", Purpose.PHOTO


def refuse(wrong: tuple[FieldError, ...]) -> None:
    """Raises BadInput where a photo could not be kept: an act is not done with fewer than were sent."""
    if wrong:
        raise BadInput(wrong[0].says, errors=wrong)


def _kept(request: HttpRequest, purpose: Purpose, name: str, file: UploadedFile[Any]) -> UUID:
    """The id is worked out from form, field and bytes: sent twice, it is one photo."""
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(_("照片不能超过 {} MB").format(MOST_BYTES // 2**20))
    caller, content = actor(request), file.read()
    marked = f"{caller.person_id}|{request.POST.get('key', '')}|{name}|{hashlib.sha256(content).hexdigest()}"
    given = PhotoGiven(id=uuid5(NAMESPACE_OID, marked), kind=purpose)
    return keep_photo(given=given, content=content, by=caller).photo.pk


def _add(data: QueryDict, name: str, photo_id: str) -> None:
    if photo_id not in data.getlist(name):
        data.appendlist(name, photo_id)


def _named(file: UploadedFile[Any]) -> str:
    return f"{str(file.name)[:40]}:" if file.name else ""


urlpatterns: list[URLPattern] = [
    path("photos/<uuid:photo_id>", photo, name="photo"),
    path("photos/<uuid:photo_id>/thumb", thumb, name="photo_thumb"),
]
