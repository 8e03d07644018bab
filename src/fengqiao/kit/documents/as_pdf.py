"""A paper as PDF, drawn by Typst. The content goes in as one JSON value and never becomes source."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fengqiao.kit.documents.content import Document, cleaned, plain

if TYPE_CHECKING:
    import typst

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "paper.typ"


def pdf(paper: Document) -> bytes:
    """The file. Where the machine has 仿宋 it is used, else the free fonts that come along."""
    import typst  # noqa: PLC0415 slow import

    drawn: bytes = typst.compile(
        TEMPLATE,
        root=HERE,
        format="pdf",
        font_paths=_fonts(),
        # An empty folder that is not there: a template cannot reach for packages.
        package_path=HERE / "no-packages",
        package_cache_path=HERE / "no-packages",
        sys_inputs={"paper": json.dumps(plain(cleaned(paper)), ensure_ascii=False)},
        timestamp=int(paper.at.timestamp()),
    )
    return drawn


@cache
def _fonts() -> typst.Fonts:
    """The machine's fonts and ours, read once a process."""
    import typst  # noqa: PLC0415 slow import
    from pylopdf_fonts_zh_cn import serif_path  # noqa: PLC0415 slow import

    return typst.Fonts(include_system_fonts=True, font_paths=[Path(serif_path()).parent])
