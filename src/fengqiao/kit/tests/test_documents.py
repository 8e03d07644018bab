"""A paper: two files of one content, alike each time, words never read as markup."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from fengqiao.kit.documents import (
    Bar,
    Code,
    Document,
    Field,
    Fields,
    Grid,
    Head,
    Jpeg,
    Para,
    Picture,
    Pictures,
    Signatures,
    docx,
    kept,
    pdf,
    restored,
)
from tests import pictures

NOON = datetime(2022, 5, 10, 4, tzinfo=UTC)
HOSTILE = '#read("/etc/passwd") $x$ <w:p/> {{ 7*7 }} </w:t> \\u{41} "]}\' @import \x00\x0b\u202e'
ADDRESS = "容桂街道海尾社区居民委员会滘口东路一百二十八号海尾花园三期十二栋二单元一千二百零一室"
PAPER = Document(
    issuer="容桂派出所",
    title="预警劝阻工作单",
    number="编号：YJ2022-000042-D08",
    printed="值班室 2022-05-10 12:00 打印",
    at=NOON,
    blocks=(
        Head("一、预警"),
        Fields(
            (
                Field("编号", "FZ-1"),
                Field("等级", "高"),
                Field("地址", ADDRESS, wide=True),
                Field("账号", None),
            )
        ),
        Grid(("时间", "事项"), (("05-10 12:00", "签收"),), (1, 2)),
        Para("正文。"),
        Signatures(("办理人：", "日期：")),
    ),
)


def words_of(file: bytes) -> str:
    """All words of a DOCX in their order, table cells included."""
    import docx as word

    body = word.Document(BytesIO(file)).element.body
    return "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))


def pages_of(file: bytes) -> int:
    return file.count(b"/Type/Page") - file.count(b"/Type/Pages")


@pytest.mark.parametrize("draw", [pdf, docx])
def test_the_same_content_gives_the_same_bytes(draw: Any, monkeypatch: pytest.MonkeyPatch):
    first = draw(PAPER)
    monkeypatch.setenv("TZ", "America/Lima")

    assert draw(PAPER) == first
    assert draw(replace(PAPER, title="另一张")) != first


@pytest.mark.parametrize("draw", [pdf, docx])
def test_hostile_words_everywhere_break_neither_file(draw: Any):
    whole = Document(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        NOON,
        (
            Head(HOSTILE),
            Fields((Field(HOSTILE, HOSTILE), Field(HOSTILE, HOSTILE, wide=True))),
            Grid((HOSTILE,), ((HOSTILE,),), (1,), empty=HOSTILE),
            Para(HOSTILE),
            Signatures((HOSTILE,)),
            Bar(HOSTILE, 1, 3),
            Code(HOSTILE, HOSTILE),
        ),
    )

    file = draw(whole)

    assert file[:4] in (b"%PDF", b"PK\x03\x04")


def test_words_stand_in_the_docx_as_they_were_written():
    words = words_of(docx(replace(PAPER, blocks=(Para('#read("/etc/passwd") <b>&amp; {{ 7*7 }}'),))))

    assert '#read("/etc/passwd") <b>&amp; {{ 7*7 }}' in words


def test_markup_in_words_does_nothing_in_the_pdf():
    told = Para("#pagebreak() #pagebreak() #panic() $ #v(200cm)")

    assert pages_of(pdf(replace(PAPER, blocks=(told,)))) == 1


def test_the_docx_says_all_the_content_says_in_its_order():
    words = words_of(docx(PAPER))

    told = [
        "容桂派出所",
        "预警劝阻工作单",
        "YJ2022-000042-D08",
        "一、预警",
        ADDRESS,
        "账号",
        "签收",
        "正文。",
    ]
    places = [words.index(part) for part in told]
    assert places == sorted(places)


def test_the_docx_names_the_fonts_offices_have_and_the_margins_of_the_norm():
    with zipfile.ZipFile(BytesIO(docx(PAPER))) as held:
        body = held.read("word/document.xml").decode()

    for font in ("仿宋_GB2312", "方正小标宋简体", "黑体"):
        assert f'w:eastAsia="{font}"' in body
    # A4 and 37/35/28/26 mm in twentieths of a point.
    assert 'w:w="11906" w:h="16838"' in body
    assert 'w:right="1474"' in body
    assert 'w:top="2098"' in body
    assert 'w:bottom="1984"' in body
    assert 'w:left="1587"' in body


def test_an_empty_table_says_so_and_a_long_one_goes_on_over_pages():
    empty = replace(PAPER, blocks=(Grid(("时间", "事项"), (), (1, 2), empty="还没有办理记录"),))
    long = replace(PAPER, blocks=(Grid(("时间", "事项"), (("12:00", ADDRESS),) * 90, (1, 2)),))

    assert "还没有办理记录" in words_of(docx(empty))
    assert pages_of(pdf(empty)) == 1
    assert pages_of(pdf(long)) > 3


def test_two_facts_share_a_row_and_a_wide_one_has_its_own():
    fields = Fields((Field("a"), Field("b"), Field("c"), Field("d", wide=True), Field("e"), Field("f")))

    assert [[fact.says for fact in row] for row in fields.rows] == [["a", "b"], ["c"], ["d"], ["e", "f"]]


def test_nothing_of_it_is_loaded_before_the_first_paper():
    asked = "import sys, fengqiao.kit.documents; print({'typst', 'docx', 'lxml'} & set(sys.modules))"

    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )

    assert said.stdout.strip() == "set()"


def test_a_photo_is_drawn_where_it_is_there_and_its_place_says_so_where_it_has_ended():
    block = Pictures((Picture("a", "整改前"), Picture("b", "整改后")))
    paper = replace(PAPER, blocks=(block,), photos={"a": Jpeg(pictures.jpeg(), 640, 480)})
    assert paper.pictured == ["a", "b"]

    words = words_of(docx(paper))
    assert words.index("照片已按期销毁") > 0
    assert words.index("整改前") < words.index("整改后")
    assert len(pdf(paper)) > len(pdf(replace(paper, photos={}))) + len(pictures.jpeg()) // 2
    assert docx(paper) == docx(paper)


def test_a_kept_paper_comes_back_with_the_ids_of_its_photos_and_without_them():
    paper = replace(PAPER, blocks=(Pictures((Picture("a", "整改前"),)),), photos={"a": Jpeg(b"-", 4, 3)})

    again = restored(json.loads(json.dumps(kept(paper))), printed=PAPER.printed)

    assert again == replace(paper, photos={})


@pytest.mark.parametrize(
    ("value", "most", "words"),
    [
        (0, 0, "0/0"),
        (0, 3, "0/3"),
        (0, 30, "0/30(0%)"),
        (199, 200, "199/200(99%)"),
        (200, 200, "200/200(100%)"),
    ],
)
def test_a_bar_is_drawn_from_nothing_to_all_and_whole_only_when_all_is_done(
    value: int, most: int, words: str
):
    paper = replace(PAPER, blocks=(Bar("已查", value, most),))
    assert f"已查 {words}" in words_of(docx(paper))
    assert pages_of(pdf(paper)) == 1


def test_a_code_to_scan_is_a_picture_in_both_files_and_kept_as_its_words():
    paper = replace(PAPER, blocks=(Code("FQ-1-000123-B", "扫码登记"),))
    assert "扫码登记" in words_of(docx(paper))
    assert any(name.endswith(".png") for name in zipfile.ZipFile(BytesIO(docx(paper))).namelist())
    assert len(pdf(paper)) > len(pdf(replace(PAPER, blocks=(Para("扫码登记"),))))
    assert restored(kept(paper), printed=PAPER.printed) == paper
