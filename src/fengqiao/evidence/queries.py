"""Reading photos: who may, is asked where matters are known (matters.photos)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from fengqiao.evidence.models import Photo
from fengqiao.store.vault import Unreadable


def one(photo_id: UUID, *, column: str) -> Photo | None:
    """With the sealed bytes of one column, and its key."""
    other = "thumb" if column == "image" else "image"
    return Photo.objects.defer(other).select_related("vault").filter(pk=photo_id).first()


def several(ids: Iterable[UUID]) -> Iterator[tuple[Photo, bytes]]:
    """The pictures that are still there, large: one query."""
    found = Photo.objects.filter(pk__in=list(ids), image__isnull=False).defer("thumb").select_related("vault")
    for photo in found:
        content = opened(photo, column="image")
        if content is not None:
            yield photo, content


def opened(photo: Photo, *, column: str) -> bytes | None:
    """JPEG bytes; None where the picture has ended."""
    sealed = getattr(photo, column).sealed
    try:
        return photo.vault.open_bytes(sealed, column=column) if sealed else None
    except Unreadable:
        return None


def shown(ids: Iterable[UUID]) -> dict[UUID, Photo]:
    """Those of the ids whose picture is still there, in their order, without its bytes: one query, and none for no ids."""
    wanted = list(ids)
    found = Photo.objects.filter(pk__in=wanted, image__isnull=False).defer("image", "thumb") if wanted else []
    there = {photo.pk: photo for photo in found}
    return {photo_id: there[photo_id] for photo_id in wanted if photo_id in there}
