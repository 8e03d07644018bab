"""A paper as PDF, drawn by Typst. The content goes in as one JSON value and never becomes source."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fengqiao.kit.documents.content import Document, Jpeg, cleaned, plain

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "paper.typ"


def pdf(paper: Document) -> bytes:
    """The file. Where the machine has 仿宋 it is used, else the free fonts that come along."""
    import typst  # noqa: PLC0415 slow import

    photos = {name: _svg(photo) for name, photo in paper.photos.items()}
    drawn: bytes = typst.compile(
        TEMPLATE,
        root=HERE,
        format="pdf",
        font_paths=_fonts(),
        # An empty folder that is not there: a template cannot reach for packages.
        package_path=HERE / "no-packages",
        package_cache_path=HERE / "no-packages",
        sys_inputs={"paper": json.dumps(_drawn(paper) | {"photos": photos}, ensure_ascii=False)},
        timestamp=int(paper.at.timestamp()),
    )
    return drawn


def _svg(photo: Jpeg) -> str:
    """The picture as text, which is all the template is given: nothing is written to a disk for it."""
    data, size = b64encode(photo.content).decode("ascii"), f'width="{photo.width}" height="{photo.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{data}"/></svg>'


def _drawn(paper: Document) -> dict[str, Any]:
    """The content, codes to scan as pictures: Typst draws none itself."""
    content = plain(cleaned(paper))
    for block in content["blocks"]:
        if block["is"] == "code":
            block["svg"] = _picture(block["text"])
    return content


def _picture(text: str) -> str:
    import segno  # noqa: PLC0415 slow import

    drawn: str = segno.make(text, error="m").svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts and ours, read once a process."""
    import typst  # noqa: PLC0415 slow import
    from pylopdf_fonts_zh_cn import serif_path  # noqa: PLC0415 slow import

    return typst.Fonts(include_system_fonts=True, font_paths=[Path(serif_path()).parent])
