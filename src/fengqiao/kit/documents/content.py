"""What a paper says, apart from how it is drawn. Both renderings read this and nothing else.

Words are plain text: no renderer reads markup in them. Control characters, which neither format can
hold, are dropped here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from fengqiao.kit.intervals import FEW
from fengqiao.kit.text import clean


@dataclass(frozen=True, slots=True)
class Field:
    """One fact with its name. `value` None is left blank, to be filled in by hand; `wide` takes a whole row.
    `opens` names the rows the value counts: a page leads there, a paper does not.
    """

    says: str
    value: str | None = ""
    wide: bool = False
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Facts in a ruled table, two to a row."""

    fields: tuple[Field, ...]

    @property
    def rows(self) -> list[tuple[Field, ...]]:
        """Rows of one or two facts; a fact left alone before a wide one gets its row to itself."""
        rows: list[tuple[Field, ...]] = []
        for one in self.fields:
            alone = rows and len(rows[-1]) == 1 and not rows[-1][0].wide
            if alone and not one.wide:
                rows[-1] = (*rows[-1], one)
            else:
                rows.append((one,))
        return rows


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with heads; `widths` are shares of the line. Without rows it says `empty`. `opens`: of each cell as of
    a `Field`, or nothing at all."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    empty: str = "无"
    opens: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """A heading of the first order (一、…)."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of the body, its first line indented by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, side by side."""

    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo by its id, and the words beneath it. The picture itself comes when the paper is drawn."""

    photo: str
    says: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Photos, two to a line. One whose picture is not there any more says so in its place."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture, and its size in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is: `value` of `most`, drawn and said; of fewer than 30 a percentage says nothing."""

    says: str
    value: int
    most: int

    @property
    def words(self) -> str:
        return f"{self.value}/{self.most}" + (f"({self.percent}%)" if self.most >= FEW else "")

    @property
    def percent(self) -> int:
        """Rounded down: whole only when all is done."""
        return min(self.value * 100 // self.most, 100) if self.most else 0


@dataclass(frozen=True, slots=True)
class Code:
    """A code to scan, and what it says beneath it."""

    text: str
    says: str


ENDED = "照片已按期销毁"
Block: TypeAlias = Fields | Grid | Head | Para | Signatures | Pictures | Bar | Code
_MADE = (Fields, Grid, Head, Para, Signatures, Pictures, Bar, Code)
_BLOCKS: dict[str, Any] = {made.__name__.lower(): made for made in _MADE}


@dataclass(frozen=True, slots=True)
class Document:
    """A paper. `issuer` stands above the title, `number` below it; `printed` (who, when) at the foot of
    each page. `at` is the only time written into the file: the same content gives the same bytes.
    `photos` are its pictures, by their ids; they are no part of what is kept.
    """

    issuer: str
    title: str
    number: str
    printed: str
    at: datetime
    blocks: tuple[Block, ...] = field(default_factory=tuple)
    photos: Mapping[str, Jpeg] = field(default_factory=dict)

    @property
    def pictured(self) -> list[str]:
        """The ids of the photos it shows."""
        shown = [block.pictures for block in self.blocks if isinstance(block, Pictures)]
        return [one.photo for pictures in shown for one in pictures]


def plain(paper: Document) -> dict[str, Any]:
    """The paper as JSON-ready data, each block with its `is`."""
    return {
        "issuer": paper.issuer,
        "title": paper.title,
        "number": paper.number,
        "printed": paper.printed,
        "blocks": told(paper.blocks),
        "ended": ENDED,
    }


def told(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Blocks as JSON-ready data, each with its `is`: what every drawing reads, a page's too."""
    return [_block(block) for block in blocks]


def kept(paper: Document) -> dict[str, Any]:
    """The paper as JSON-ready data from which `restored` makes the same one again; who printed it, and when,
    is not kept."""
    said = {"issuer": paper.issuer, "title": paper.title, "number": paper.number, "at": paper.at.isoformat()}
    blocks = [{"is": type(block).__name__.lower()} | asdict(block) for block in paper.blocks]
    return said | {"blocks": blocks}


def restored(held: dict[str, Any], *, printed: str) -> Document:
    """The paper that was kept, printed anew."""
    return Document(
        issuer=held["issuer"],
        title=held["title"],
        number=held["number"],
        printed=printed,
        at=datetime.fromisoformat(held["at"]),
        blocks=tuple(_restored(block) for block in held["blocks"]),
    )


def _restored(block: dict[str, Any]) -> Block:
    if block["is"] == "fields":
        return Fields(tuple(Field(**one) for one in block["fields"]))
    if block["is"] == "pictures":
        return Pictures(tuple(Picture(**one) for one in block["pictures"]))
    made: Block = _BLOCKS[block["is"]](
        **{name: _tuples(value) for name, value in block.items() if name != "is"}
    )
    return made


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def cleaned(paper: Document) -> Document:
    """The same paper without characters a file cannot hold."""
    return replace(
        paper,
        issuer=clean(paper.issuer),
        title=clean(paper.title),
        number=clean(paper.number),
        printed=clean(paper.printed),
        blocks=tuple(_clean_block(block) for block in paper.blocks),
    )


def _block(block: Block) -> dict[str, Any]:
    said = {"is": type(block).__name__.lower()}
    if isinstance(block, Fields):
        return said | {"rows": [[asdict(one) for one in row] for row in block.rows]}
    if isinstance(block, Bar):
        return said | asdict(block) | {"words": block.words, "percent": block.percent}
    return said | asdict(block)


def _clean_block(block: Block) -> Block:
    if isinstance(block, Fields):
        return Fields(
            tuple(
                Field(clean(f.says), None if f.value is None else clean(f.value), f.wide, f.opens)
                for f in block.fields
            )
        )
    if isinstance(block, Grid):
        rows = tuple(_cleaned(row) for row in block.rows)
        return Grid(_cleaned(block.heads), rows, block.widths, clean(block.empty), block.opens)
    if isinstance(block, Signatures):
        return Signatures(_cleaned(block.says))
    if isinstance(block, Pictures):
        return Pictures(tuple(Picture(one.photo, clean(one.says)) for one in block.pictures))
    if isinstance(block, Bar):
        return replace(block, says=clean(block.says))
    if isinstance(block, Code):
        return Code(clean(block.text), clean(block.says))
    return replace(block, text=clean(block.text))


def _cleaned(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean(text) for text in texts)
