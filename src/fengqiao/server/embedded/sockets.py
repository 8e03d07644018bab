"""The directory of the server's socket, short enough for the kernel and plain enough for a URL."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from fengqiao.server.embedded.place import Place, private_directory

# The kernel takes 107 bytes with the file's name; libpq splits hosts at commas.
LONGEST = 80
AWKWARD = ",\"'\\%@"


def socket_directory(place: Place) -> Path:
    """`s` inside the place, or a hashed one in the temporary directory where that is too long."""
    inside = place.root / "s"
    if len(os.fsencode(inside)) <= LONGEST and not any(sign in str(inside) for sign in AWKWARD):
        return inside
    name = hashlib.sha256(os.fsencode(place.root)).hexdigest()[:16]
    base = Path("/run" if os.geteuid() == 0 and os.access("/run", os.W_OK) else tempfile.gettempdir())
    return base / f"fengqiao-{place.account.uid}-{name}"


def make_socket_directory(place: Place) -> Path:
    directory = socket_directory(place)
    private_directory(directory, place.account)
    return directory


def remove_socket_directory(place: Place) -> None:
    """After the stop, while the place is still held: leave nothing outside it."""
    directory = socket_directory(place)
    if directory.parent != place.root:
        with suppress(OSError):
            directory.rmdir()
