"""Pictures good and bad, made by code: nothing here came from a camera or a stranger."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

GPS, COMMENT, SCRIPT = b"GPSSECRET", b"COMMENTSECRET", b"<script>alert(1)</script>"


def jpeg(size: tuple[int, int] = (640, 480), *, colour: str = "red", orientation: int = 0) -> bytes:
    """With all a camera may leave in it: place, comment, orientation."""
    exif = Image.Exif()
    exif[0x010E] = GPS.decode()
    exif[0x0112] = orientation or 1
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 48.0, 0.0), 3: "E", 4: (113.0, 15.0, 0.0)})
    picture = Image.new("RGB", size, colour)
    picture.paste("blue", (0, 0, size[0] // 4, size[1] // 4))
    return saved(picture, "JPEG", exif=exif, comment=COMMENT)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def png(mode: str = "RGBA", size: tuple[int, int] = (300, 200)) -> bytes:
    return saved(Image.new(mode, size), "PNG")


def webp() -> bytes:
    return saved(Image.new("RGB", (300, 200), "green"), "WEBP")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header says it is huge."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


def jpeg_claiming(width: int, height: int) -> bytes:
    content = bytearray(jpeg())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def png_bomb() -> bytes:
    """Text that unpacks to a thousand times its size, before the picture."""
    text = b"Comment\0\0" + zlib.compress(b"A" * 200_000_000, 9)
    whole = png("RGB")
    return whole[:33] + chunk(b"zTXt", text) + whole[33:]


def gifar() -> bytes:
    """A picture that is an archive too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Evil.class", b"\xca\xfe\xba\xbe")
    return jpeg() + out.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200
OTHERS = {
    "GIF": b"GIF89a" + b"\0" * 50,
    "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!DOCTYPE html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7 " + b"\0" * 50,
    "AVIF": b"\0\0\0\x1cftypavif" + b"\0" * 50,
    "BMP": b"BM" + b"\0" * 80,
    "TIFF": b"II*\0" + b"\0" * 80,
    "EXE": b"MZ" + b"\0" * 80,
    "": b"",
}
