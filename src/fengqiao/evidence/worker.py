"""The only code that decodes a picture a stranger may have made. Run as a script, alone, with nothing in hand.

Run once, it has Pillow ready and waits on its standard input, a socket. For every picture comes the name of a
decoder and one end of a line of the picture's own; a child made for this picture gets the line, and what waits here
never holds a byte of any picture. Before a byte is read the child limits its own memory and processor time and gives
up files, sockets and children: what a crafted picture could take over can neither be kept nor sent. Bytes come down
the line; a word of JSON, the picture and its thumbnail go back.
"""

import io
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress

from PIL import Image, ImageOps, MpoImagePlugin, WebPImagePlugin  # noqa: F401 decoders; two pictures in one JPEG is MPO

LONGEST, THUMB = 1600, 320
MOST_PIXELS = 50_000_000
MEMORY = 1 << 30
SECONDS = 10
BY_THE_CLOCK = 30
READY = b"!"  # said before a byte of the picture is sent


class Refused(Exception):
    """Said in one word; the words for people are the parent's."""


def give_up() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_NOFILE: 0,  # what is open stays; no file and no socket opens, not even in its place
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Until nobody holds the other end any more."""
    Image.preinit()  # with the imports above every decoder it may need, while files can still be opened
    Image.MAX_IMAGE_PIXELS = None  # judged below, from the header
    asked = socket.socket(fileno=0)
    while True:
        form, lines, *_flags = socket.recv_fds(asked, 16, 1)
        if not lines:
            return
        _see_through(_child(lines[0], form.decode()))
        os.close(lines[0])  # not before: an answer has no end while the child that gave it lives


def _child(line: int, form: str) -> int:
    """Gives its id; the child itself never returns."""
    child = os.fork()
    if child:
        return child
    try:
        os.dup2(line, 0)
        os.dup2(line, 1)
        os.closerange(3, line + 1)
        give_up()
        os.write(1, READY)
        draw(form)
    finally:
        os._exit(0)


def _see_through(child: int) -> None:
    """One picture at a time; a child that sleeps uses up no processor time and is ended by the clock."""
    signal.signal(signal.SIGALRM, lambda *_told: os.kill(child, signal.SIGKILL))
    signal.alarm(BY_THE_CLOCK)
    os.waitpid(child, 0)
    signal.alarm(0)


def draw(form: str) -> None:
    """From standard input to standard output."""
    try:
        picture = clean(sys.stdin.buffer.read(), form)
    except Refused as refused:
        return _answer({"wrong": str(refused)})
    except Exception:
        return _answer({"wrong": "unreadable"})
    size, image = picture.size, _jpeg(picture, 82)
    picture.thumbnail((THUMB, THUMB), reducing_gap=1.0)
    thumb = _jpeg(picture, 75)
    head = {"width": size[0], "height": size[1], "image": len(image), "thumb": len(thumb)}
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
    if image.has_transparency_data:
        bare, seen = Image.new("RGB", image.size, "white"), image.convert("RGBA")
        bare.paste(seen, mask=seen)
    else:
        bare = Image.new("RGB", image.size, None)  # every pixel comes from the old one
        bare.paste(image)
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
    with suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)  # optimize=True: 4 % smaller, a quarter more work
    return out.getvalue()


def _answer(head: Mapping[str, object], *bodies: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(bodies))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
