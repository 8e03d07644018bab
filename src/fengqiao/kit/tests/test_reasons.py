"""A reason says something of this look, or it is none."""

from __future__ import annotations

import pytest

from fengqiao.kit.reasons import LEAST_LONG, says_something


@pytest.mark.parametrize(
    "words",
    [
        "",
        "核实",
        "1111",
        "啊啊啊啊",
        "测试一下",
        "工作需要",
        "工作 需要",
        "１２３４",
        "....",
        "核实核实核实",
        "asdfasdf",
        "查看情况",
        "业务需要，工作需要",
    ],
)
def test_filler_is_no_reason(words: str):
    assert not says_something(words)


@pytest.mark.parametrize(
    "words", ["核对事主号码", "协助东风社区上门", "工作需要，家属来电核实地址", "call back the family"]
)
def test_what_one_is_about_to_do_is_a_reason(words: str):
    assert says_something(words)


def test_more_can_be_asked_for():
    assert not says_something("协助东风社区上门", least=LEAST_LONG)
    assert says_something("协助东风社区警长上门，核对事主现住址和电话", least=LEAST_LONG)
