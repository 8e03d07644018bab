"""A paper as DOCX, with the fonts users' own machines have. Every word is put in as a text node."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fengqiao.kit.documents.content import (
    ENDED,
    Bar,
    Code,
    Document,
    Field,
    Fields,
    Grid,
    Head,
    Jpeg,
    Para,
    Pictures,
    Signatures,
    cleaned,
)

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.section import Section
    from docx.table import _Cell as Cell
    from docx.table import _Row as Row
    from docx.text.paragraph import Paragraph

FANGSONG, SONG, HEI, PLAIN_SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
BODY, TITLE, SMALL, TABLE = 16.0, 22.0, 9.0, 12.0  # points: 三号, 二号, 小五, 小四
LINE = 28.0
TYPE_AREA_MM = 156
NAME_MM = 36
PICTURE_MM = (72, 54)  # at most so wide and so high
CODE_MM = 40
HAND_MM = 12  # a row filled in by hand
EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(paper: Document) -> bytes:
    """The file; the same content gives the same bytes."""
    import docx as word  # noqa: PLC0415 slow import

    paper, file = cleaned(paper), word.Document()
    _page(file, paper)
    _line(file.add_paragraph(), paper.issuer, align="center")
    _line(file.add_paragraph(), paper.title, font=SONG, size=TITLE, align="center", pitch=36)
    _line(file.add_paragraph(), paper.number, size=14, align="center")
    for block in paper.blocks:
        if isinstance(block, Pictures):
            _pictures(file, block, paper.photos)
        else:
            _DRAWN[type(block)](file, block)
    held = BytesIO()
    file.save(held)
    return _without_times(held.getvalue())


def _page(file: File, paper: Document) -> None:
    from docx.shared import Mm, Pt  # noqa: PLC0415 slow import

    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(18)
    normal: Any = file.styles["Normal"]
    normal.font.size = Pt(BODY)
    _fonts(normal.element.get_or_add_rPr(), FANGSONG)
    said = file.core_properties
    said.title, said.author, said.last_modified_by, said.comments = paper.title, paper.issuer, "", ""
    said.created = said.modified = paper.at.replace(tzinfo=None)
    _feet(file, section, paper)


def _feet(file: File, section: Section, paper: Document) -> None:
    """The page number stands at the outer side: right on odd pages, left on even ones."""
    file.settings.odd_and_even_pages_header_footer = True
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        number = foot.paragraphs[0]
        _line(number, "— ", font=PLAIN_SONG, size=14, align=side, pitch=18)
        _page_number(number)
        _run(number, " —", PLAIN_SONG, 14)
        _line(foot.add_paragraph(), paper.printed, size=SMALL, align="center", pitch=14)


def _page_number(paragraph: Paragraph) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 slow import
    from docx.oxml.ns import qn  # noqa: PLC0415 slow import

    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = _run(paragraph, "", PLAIN_SONG, 14)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        mark.text = text or None
        run.element.append(mark)


def _fields(file: File, block: Fields) -> None:
    half = TYPE_AREA_MM / 2 - NAME_MM
    table = _table(file, (NAME_MM, half, NAME_MM, half))
    for facts in block.rows:
        row = _row(table)
        cells = row.cells
        if len(facts) == 1:
            cells[1].merge(cells[3])
        for place, fact in enumerate(facts):
            _cell(cells[2 * place], fact.says, HEI)
            _cell(cells[2 * place + 1], fact.value or "")
        if any(_by_hand(fact) for fact in facts):
            _least_height(row)


def _grid(file: File, block: Grid) -> None:
    share = TYPE_AREA_MM / sum(block.widths)
    table = _table(file, tuple(width * share for width in block.widths))
    head = _row(table)
    _mark(head, "w:tblHeader")
    for cell, says in zip(head.cells, block.heads, strict=True):
        _cell(cell, says, HEI)
    for words in block.rows:
        for cell, says in zip(_row(table).cells, words, strict=True):
            _cell(cell, says)
    if not block.rows:
        cells = _row(table).cells
        _cell(cells[0].merge(cells[-1]), block.empty, align="center")


def _head(file: File, block: Head) -> None:
    paragraph = _line(file.add_paragraph(), block.text, font=HEI)
    paragraph.paragraph_format.keep_with_next = True


def _para(file: File, block: Para) -> None:
    from docx.shared import Pt  # noqa: PLC0415 slow import

    paragraph = _line(file.add_paragraph(), block.text)
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)


def _signatures(file: File, block: Signatures) -> None:
    table = _table(file, (TYPE_AREA_MM / len(block.says),) * len(block.says), ruled=False)
    row = _row(table)
    _least_height(row, 2 * HAND_MM)
    for cell, says in zip(row.cells, block.says, strict=True):
        _cell(cell, says, size=14)


def _pictures(file: File, block: Pictures, photos: Mapping[str, Jpeg]) -> None:
    """Two to a line, each over its words."""
    for start in range(0, len(block.pictures), 2):
        line = block.pictures[start : start + 2]
        table = _table(file, (TYPE_AREA_MM / 2,) * 2, ruled=False)
        shown, words = _row(table).cells, _row(table).cells
        for place, one in enumerate(line):
            _picture(shown[place], photos.get(one.photo))
            _cell(words[place], one.says, align="center")


def _picture(cell: Cell, photo: Jpeg | None) -> None:
    from docx.shared import Mm  # noqa: PLC0415 slow import

    if photo is None:
        _cell(cell, ENDED, align="center")
        return
    high = photo.height * PICTURE_MM[0] > photo.width * PICTURE_MM[1]
    within = {"height": Mm(PICTURE_MM[1])} if high else {"width": Mm(PICTURE_MM[0])}
    paragraph = _line(cell.paragraphs[0], "", align="center")
    paragraph.paragraph_format.line_spacing = 1.0  # an exact pitch would cut the picture off
    paragraph.add_run().add_picture(BytesIO(photo.content), **within)


def _bar(file: File, block: Bar) -> None:
    _line(file.add_paragraph(), f"{block.says} {block.words}", size=TABLE, pitch=20)
    shares = [(share, dark) for share, dark in ((block.percent, True), (100 - block.percent, False)) if share]
    row = _row(_table(file, tuple(TYPE_AREA_MM * share / 100 for share, _dark in shares)))
    for cell, (_share, dark) in zip(row.cells, shares, strict=True):
        _line(cell.paragraphs[0], "", size=6, pitch=8)
        if dark:
            _shade(cell)


def _shade(cell: Cell) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 slow import
    from docx.oxml.ns import qn  # noqa: PLC0415 slow import

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "404040")
    # The library has no public way to a cell's properties.
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001


def _code(file: File, block: Code) -> None:
    import segno  # noqa: PLC0415 slow import
    from docx.shared import Mm  # noqa: PLC0415 slow import

    picture = BytesIO()
    segno.make(block.text, error="m").save(picture, kind="png", scale=12, border=2)
    held = _line(file.add_paragraph(), "", align="center")
    held.paragraph_format.line_spacing = 1.0  # a line of a fixed pitch would cut the picture off
    held.add_run().add_picture(picture, width=Mm(CODE_MM))
    _line(file.add_paragraph(), block.says, size=TABLE, align="center", pitch=20)


_DRAWN: dict[type[Any], Callable[[Any, Any], None]] = {
    Bar: _bar,
    Code: _code,
    Fields: _fields,
    Grid: _grid,
    Head: _head,
    Para: _para,
    Signatures: _signatures,
}


def _table(file: File, widths_mm: tuple[float, ...], *, ruled: bool = True) -> Any:
    from docx.shared import Mm  # noqa: PLC0415 slow import

    if file.element.body[-2].tag.endswith("}tbl"):
        # Word joins tables that touch.
        _line(file.add_paragraph(), "", pitch=10)
    table = file.add_table(rows=0, cols=len(widths_mm))
    table.autofit = False
    if ruled:
        table.style = "Table Grid"
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    return table


def _row(table: Any) -> Row:
    """A row that no page break tears; its cells as wide as their columns, which word processors want."""
    row: Row = table.add_row()
    _mark(row, "w:cantSplit")
    for cell, column in zip(row.cells, table.columns, strict=True):
        cell.width = column.width
    return row


def _mark(row: Row, name: str) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 slow import

    # The library has no public way to a row's properties.
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001


def _by_hand(fact: Field) -> bool:
    return fact.value is None


def _least_height(row: Row, height_mm: float = HAND_MM) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE  # noqa: PLC0415 slow import
    from docx.shared import Mm  # noqa: PLC0415 slow import

    row.height, row.height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST


def _cell(cell: Cell, words: str, font: str = FANGSONG, *, size: float = TABLE, align: str = "left") -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT  # noqa: PLC0415 slow import

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _line(cell.paragraphs[0], words, font=font, size=size, align=align, pitch=18)


def _line(
    paragraph: Paragraph,
    words: str,
    *,
    font: str = FANGSONG,
    size: float = BODY,
    align: str = "left",
    pitch: float = LINE,
) -> Paragraph:
    """Words set on lines `pitch` points apart."""
    from docx.enum.text import WD_PARAGRAPH_ALIGNMENT  # noqa: PLC0415 slow import
    from docx.shared import Pt  # noqa: PLC0415 slow import

    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_before, shape.space_after = Pt(pitch), Pt(0), Pt(0)
    paragraph.alignment = WD_PARAGRAPH_ALIGNMENT[align.upper()]
    _run(paragraph, words, font, size)
    return paragraph


def _run(paragraph: Paragraph, words: str, font: str, size: float) -> Any:
    from docx.shared import Pt  # noqa: PLC0415 slow import

    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    _fonts(run.element.get_or_add_rPr(), font)
    return run


def _fonts(properties: Any, font: str) -> None:
    """The East Asian font has to be named apart, or word processors fall back to their own."""
    from docx.oxml.ns import qn  # noqa: PLC0415 slow import

    named = properties.get_or_add_rFonts()
    for slot in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        named.set(qn(slot), font)


def _without_times(held: bytes) -> bytes:
    """The same archive with every entry dated alike."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(held)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
