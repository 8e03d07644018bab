"""Photos that come with a form: kept as they come, before the form is judged, and named as its answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from fengqiao.evidence.commands import MOST_BYTES, Kept, PhotoGiven, Purpose, keep_photo
from fengqiao.kit.inputs import Input, questions
from fengqiao.kit.problems import BadInput, FieldError, Problem, TooLarge
from fengqiao.kit.sheets import Sheet
from fengqiao.people.actors import Actor

MOST_AT_ONCE = 20
Keeps = Callable[..., Kept]


def with_photos(
    request: HttpRequest,
    asked: type[Input],
    *,
    by: Actor,
    prefix: str = "",
    sheets: Mapping[str, Sheet] | None = None,
    keeps: Keeps = keep_photo,
    **_: Any,
) -> tuple[QueryDict, tuple[FieldError, ...]]:
    """What was posted, with the ids of the photos that came with it as answers, and what was wrong with others.

    Kept whatever else is wrong with the form: nobody photographs a door twice for a missing word.
    """
    data, wrong = request.POST.copy(), list[FieldError]()
    keep = partial(_kept, keeps=keeps, by=by, key=request.POST.get("key", ""))
    for own, purpose in _asking(asked, sheets or {}):
        name = f"{prefix}-{own}" if prefix else own
        for file in request.FILES.getlist(name)[:MOST_AT_ONCE]:
            try:
                _add(data, name, str(keep(file, name, purpose)))
            except Problem as problem:
                wrong.append(FieldError(own, f"{_named(file)}{problem}"))
    return data, tuple(wrong)


def refuse(wrong: tuple[FieldError, ...]) -> None:
    """Raises BadInput where a photo could not be kept: an act is not done with fewer than were sent."""
    if wrong:
        raise BadInput(wrong[0].says, errors=wrong)


def _asking(asked: type[Input], sheets: Mapping[str, Sheet]) -> Iterator[tuple[str, Purpose]]:
    """The fields files may come in: questions for photos, and the items of a checklist."""
    for question in questions(asked):
        if question.widget in ("photos", "signature"):
            yield question.name, Purpose.SIGNATURE if question.widget == "signature" else Purpose.PHOTO
        elif question.widget == "sheet":
            for item in sheets.get(question.name) or ():
                yield f"{question.name}.{item.code}.photos", Purpose.PHOTO


def _kept(file: UploadedFile[Any], name: str, purpose: Purpose, *, keeps: Keeps, by: Actor, key: str) -> UUID:
    """The id is worked out from sender, form, field and bytes: sent twice, it is one photo."""
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(_("照片不能超过 {} MB").format(MOST_BYTES // 2**20))
    content = file.read()
    sender = by.person_id or by.party_to
    marked = f"{sender}|{key}|{name}|{hashlib.sha256(content).hexdigest()}"
    given = PhotoGiven(id=uuid5(NAMESPACE_OID, marked), kind=purpose)
    return keeps(given=given, content=content, by=by).photo.pk


def _add(data: QueryDict, name: str, photo_id: str) -> None:
    if photo_id not in data.getlist(name):
        data.appendlist(name, photo_id)


def _named(file: UploadedFile[Any]) -> str:
    return f"{str(file.name)[:40]}：" if file.name else ""
