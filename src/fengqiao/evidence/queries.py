"""Reading photos: who may, is asked where matters are known (matters.photos)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from fengqiao.evidence.models import Photo
from fengqiao.store.vault import Unreadable


def one(photo_id: UUID, *, column: str) -> Photo | None:
    """With the sealed bytes of one column, and its key."""
    other = "thumb" if column == "image" else "image"
    return Photo.objects.defer(other).select_related("vault").filter(pk=photo_id).first()


def several(ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The pictures that are still there, large: one query."""
    found = Photo.objects.filter(pk__in=list(ids), image__isnull=False).defer("thumb").select_related("vault")
    told = {photo.pk: opened(photo, column="image") for photo in found}
    return {pk: content for pk, content in told.items() if content is not None}


def opened(photo: Photo, *, column: str) -> bytes | None:
    """JPEG bytes; None where the picture has ended."""
    sealed = getattr(photo, column).sealed
    try:
        return photo.vault.open_bytes(sealed, column=column) if sealed else None
    except Unreadable:
        return None


def shown(ids: Iterable[UUID]) -> dict[UUID, Photo]:
    """Those of the ids whose picture is still there, without its bytes: one query, and none for no ids."""
    wanted = list(ids)
    found = Photo.objects.filter(pk__in=wanted, image__isnull=False).defer("image", "thumb") if wanted else []
    return {photo.pk: photo for photo in found}
