"""The code on a place's door: FQ, the station, the tag's number, and a check character (ISO/IEC 7064, MOD 37,36).

The code says nothing of the place; who may see the place is led there by it (FQ-1-000123-B).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from fengqiao.ground.models import Premises
from fengqiao.kit.check_character import check_character, is_sound
from fengqiao.kit.problems import BadInput
from fengqiao.kit.text import normalise

PREFIX = "FQ"
_CODE = re.compile(r"FQ-?([0-9]{1,9})-([0-9]{1,15})-?([0-9A-Z])")


class Tag(NamedTuple):
    station_id: int
    number: int


def tag_code(premises: Premises) -> str:
    """The code to print."""
    station, number = str(premises.station_id), f"{premises.tag:06d}"
    return f"{PREFIX}-{station}-{number}-{check_character(PREFIX + station + number)}"


def read_tag(typed: str) -> Tag:
    """What a code names, however it was typed. Raises BadInput for another shape or a wrong check character."""
    match = _CODE.fullmatch(normalise(typed).upper().replace(" ", ""))
    if match is None:
        raise BadInput.at("code", "不是门牌标签的编码，应如 FQ-1-000123-B")
    station, number, check = match.groups()
    if not is_sound(PREFIX + station + number + check):
        raise BadInput.at("code", "校验位不对：编码抄错了一位，请对照标签再输一次")
    return Tag(int(station), int(number))
