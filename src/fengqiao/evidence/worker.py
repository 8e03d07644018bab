"""The only code that decodes a picture a stranger may have made. Run as a script, alone, with nothing in hand.

Before a byte is read it limits its own memory and processor time and gives up files, sockets and children:
what a crafted picture could take over can neither be kept nor sent. Bytes come on standard input; a line of
JSON, the picture and its thumbnail go out.
"""

import io
import json
import resource
import sys
from collections.abc import Mapping

from PIL import Image, ImageOps, MpoImagePlugin, WebPImagePlugin  # noqa: F401 decoders; two pictures in one JPEG is MPO

LONGEST, THUMB = 1600, 320
MOST_PIXELS = 50_000_000
MEMORY = 1 << 30
SECONDS = 10
WRONG = 3  # exit code: refused, the line says why


class Refused(Exception):
    """Said in one word; the words for people are the parent's."""


def give_up() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 3,  # the three standard ones: no file and no socket can be opened
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def main() -> int:
    form = sys.argv[1]
    Image.preinit()  # with the imports above every decoder it may need, while files can still be opened
    Image.MAX_IMAGE_PIXELS = None  # judged below, from the header
    give_up()
    try:
        picture = clean(sys.stdin.buffer.read(), form)
    except Refused as refused:
        return _answer({"wrong": str(refused)}, code=WRONG)
    except Exception:
        return _answer({"wrong": "unreadable"}, code=WRONG)
    image, thumb = _jpeg(picture, 82), _jpeg(ImageOps.contain(picture, (THUMB, THUMB)), 75)
    head = {"width": picture.width, "height": picture.height, "image": len(image), "thumb": len(thumb)}
    return _answer(head, image, thumb)


def clean(content: bytes, form: str) -> Image.Image:
    """The picture upright, at most 1600 pixels long, on white, and nothing but its pixels."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=[form])
    if image.width * image.height > MOST_PIXELS:
        raise Refused("pixels")
    image = _scalable(image)
    image.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)  # never enlarges; a JPEG is decoded small at once
    image = _upright(image)
    # What goes on is a new picture: an old one's info would carry its comments, place and profile along.
    bare = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        bare.paste(seen, mask=seen)
    else:
        bare.paste(image.convert("RGB"))
    return bare


def _scalable(image: Image.Image) -> Image.Image:
    """In a mode that can be drawn smaller; sixteen bits of grey become eight, or all would be white."""
    if image.mode in ("P", "PA"):
        return image.convert("RGBA")
    if image.mode == "I;16":
        return image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return image.convert("L") if image.mode == "1" else image


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held; a broken EXIF block turns nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _answer(head: Mapping[str, object], *bodies: bytes, code: int = 0) -> int:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(bodies))
    sys.stdout.buffer.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
