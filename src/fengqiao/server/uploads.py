"""What of an uploaded file is written down at all: so much that a door still sees it is too large, and no more."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

MOST = 21 * 2**20  # above what any door takes


class Capped(FileUploadHandler):
    """Stands before the handlers that keep; what comes after the limit reaches none of them."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start < MOST else None

    def file_complete(self, file_size: int) -> Any:
        return None
