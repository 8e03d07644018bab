from __future__ import annotations

import pytest

from fengqiao.kit.text import (
    clean,
    community_aliases,
    digits,
    mask_address,
    mask_name,
    mask_phone,
    normalise,
    phone,
    pinyin_key,
    short_community_name,
)


def test_one_spelling_for_what_looks_alike() -> None:
    typed = "\ufeff 海尾\u200b社区\u3000(\uff21座\uff09 \uff11\uff12\uff0d\uff13号\uff0c\r\n细滘\u2067\x00 \u2f24 "

    assert normalise(typed) == "海尾社区 (A座) 12-3号\uff0c 细滘 大"


def test_rare_characters_stay_and_broken_ones_go() -> None:
    newer_than_unicode_15 = "\U0002ebf0"

    assert normalise(f"滘㙟{newer_than_unicode_15}\ud800\U000e0100") == f"滘㙟{newer_than_unicode_15}"


def test_clean_keeps_lines() -> None:
    assert clean(" 一\r\n二\t三\u200d\x07 ") == "一\n二\t三"


def test_digits_are_narrowed() -> None:
    assert digits("电话１３8-1234 ①") == "1381234"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812341234", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("008613812341234", "13812341234"),
        ("１３８ １２３４ １２３４", "13812341234"),
        ("0757-28381234", "0757-28381234"),
        ("(0757)2838 1234", "0757-28381234"),
        ("+86 757 28381234", "0757-28381234"),
        ("+86-10-62345678", "010-62345678"),
        ("0757-28381234 转 801", "0757-28381234-801"),
        ("0757-28381234-801", "0757-28381234-801"),
    ],
)
def test_phone_numbers_take_one_form(typed: str, number: str) -> None:
    assert phone(typed) == number


@pytest.mark.parametrize("typed", ["", "110", "28381234", "1381234123", "138123412345", "12812341234", "无"])
def test_what_is_no_number(typed: str) -> None:
    assert phone(typed) is None


def test_masks_of_names() -> None:
    assert [mask_name(name) for name in ("张三", "欧阳某某", "某", "")] == ["张*", "欧***", "*", ""]
    assert mask_name("古丽·" + "某" * 20) == "古***"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("0757-28381234", "0757-****1234"),
        ("28381234", "****1234"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_masks_of_phones(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("容桂街道海尾社区海尾路12号3栋502房", "容桂街道海尾社区海尾路…"),
        ("容桂大道中12号", "容桂大道…"),
        ("振华路十二号二楼", "振华路…"),
        ("解放路88弄5号302室", "解放路…"),
        ("海尾村三组12号", "海尾村…"),
        ("海尾路12-502", "海尾路…"),
        ("海尾路12号楼503", "海尾路…"),
        ("海尾花园5座502号", "海尾花园…"),
        ("5座502号", "…"),
        ("", ""),
    ],
)
def test_masks_of_addresses_drop_everything_behind_the_street(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_sorting_by_sound() -> None:
    assert sorted(["容里", "海尾", "扁滘", "重庆", "A座"], key=pinyin_key) == [
        "A座",
        "扁滘",
        "重庆",
        "海尾",
        "容里",
    ]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("海尾社区居委会", "海尾"),
        ("细滘社区居民委员会", "细滘"),
        ("穗香村委会", "穗香"),
        ("龙涌口村民委员会", "龙涌口"),
        ("马冈村", "马冈"),
        ("新村", "新村"),
        ("新村社区", "新村"),
    ],
)
def test_short_names_of_communities(name: str, short: str) -> None:
    assert short_community_name(name) == short


def test_aliases_of_communities() -> None:
    assert community_aliases("海尾社区居委会")[:4] == ["海尾社区居委会", "海尾", "海尾社区", "海尾居委会"]
    assert community_aliases("穗香村委会") == ["穗香村委会", "穗香", "穗香村", "穗香村民委员会"]
