"""Photos: sent once each, before the act that names them; shown to whoever sees the matter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from pydantic import BaseModel

from fengqiao.api.root import REFUSALS, ProblemBody
from fengqiao.evidence.commands import PhotoGiven, keep_photo
from fengqiao.matters.photos import as_answer, picture
from fengqiao.people.doors import actor

router = Router(tags=["photos"])
UPLOAD_REFUSALS = REFUSALS | {415: ProblemBody, 429: ProblemBody}
JPEG = {"responses": {200: {"description": "OK", "content": {"image/jpeg": {}}}}}


class PhotoTold(BaseModel):
    """`sha256` is of the bytes as they came; `width` and `height` of the picture as it is kept."""

    id: UUID
    sha256: str
    width: int
    height: int


@router.post(
    "/photos",
    response={201: PhotoTold, 200: PhotoTold, **UPLOAD_REFUSALS},
    summary="Send one photo; the same id and bytes again give 200 and the first result",
)
def post_photo(request: HttpRequest, file: File[UploadedFile], given: Form[PhotoGiven]) -> Status[PhotoTold]:
    kept = keep_photo(given=given, content=file.read(), by=actor(request))
    photo = kept.photo
    told = PhotoTold(id=photo.pk, sha256=photo.sha256, width=photo.width, height=photo.height)
    return Status(200 if kept.repeated else 201, told)


@router.get("/photos/{uuid:photo_id}", response=REFUSALS, summary="The picture", openapi_extra=JPEG)
def get_photo(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    return as_answer(picture(photo_id=photo_id, by=actor(request), at=timezone.now()), photo_id)


@router.get("/photos/{uuid:photo_id}/thumb", response=REFUSALS, summary="Its thumbnail", openapi_extra=JPEG)
def get_thumb(request: HttpRequest, photo_id: UUID) -> HttpResponse:
    return as_answer(picture(photo_id=photo_id, by=actor(request), at=timezone.now(), thumb=True), photo_id)
