from __future__ import annotations

import pytest

from fengqiao.kit.check_character import ALPHABET, check_character, is_sound


def test_the_published_example_comes_out() -> None:
    """The Global Release Identifier (GRid) uses MOD 37,36; its standard gives A1-2425G-ABC1234002-M."""
    assert check_character("A12425GABC1234002") == "M"
    assert is_sound("A12425GABC1234002M")


def test_every_single_wrong_character_is_found() -> None:
    whole = "FQ1000123" + check_character("FQ1000123")

    for at, right in enumerate(whole):
        for other in set(ALPHABET) - {right}:
            assert not is_sound(whole[:at] + other + whole[at + 1 :])


@pytest.mark.parametrize("text", ["", "7", "fq1", "FQ-1", "福1"])
def test_what_is_no_code_is_not_sound(text: str) -> None:
    assert not is_sound(text)
