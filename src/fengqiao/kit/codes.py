"""The 12-digit division code of the statistics bureau: 2 province, 2 city, 2 county, 3 town, 3 village.

A code means nothing without its system and edition: the civil-affairs bureau numbers streets otherwise.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)


class Level(IntEnum):
    """Numbered as the bureau's tables do."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    VILLAGE = 5


class DivisionCode(NamedTuple):
    """The five parts, each as its digits; zeros where the code ends above."""

    province: str
    city: str
    county: str
    town: str
    village: str

    def __str__(self) -> str:
        return "".join(self)


_ENDS = (2, 4, 6, 9, 12)


def full_code(text: str) -> str:
    """Short forms of 2, 4, 6 or 9 digits filled up to 12; anything else as it is."""
    text = text.strip()
    return text.ljust(12, "0") if len(text) in _ENDS else text


def code_fault(code: str) -> str:
    """Why this cannot be a division code, in the user's words; empty when it can."""
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        return "区划代码应为 12 位数字"
    parts = _parts(code)
    if parts.province not in PROVINCES:
        return f"区划代码前两位 {parts.province} 不是省级代码"
    if parts.city == "00" and int(code[4:]):
        return "区划代码缺地市级(第 3、4 位)"
    # Some cities (东莞, 中山) have no counties, so "00" in the county's place is no fault.
    if parts.town == "000" and parts.village != "000":
        return "区划代码缺乡镇街道级(第 7 至 9 位)"
    return ""


def split_code(code: str) -> DivisionCode:
    """The parts of a code; raises ValueError saying why it is none."""
    if fault := code_fault(code):
        raise ValueError(fault)
    return _parts(code)


def level_of(code: str) -> Level:
    """The level of its last part that is not zero; raises ValueError as `split_code`."""
    parts = split_code(code)
    return max(level for level, part in zip(Level, parts, strict=True) if int(part))


def parent_code(code: str) -> str | None:
    """The division it lies in, None for a province. A town of a city without counties lies in the city."""
    level = level_of(code)
    if level is Level.PROVINCE:
        return None
    return code[: _ENDS[level - 2]].ljust(12, "0")


def _parts(code: str) -> DivisionCode:
    return DivisionCode(code[:2], code[2:4], code[4:6], code[6:9], code[9:])
