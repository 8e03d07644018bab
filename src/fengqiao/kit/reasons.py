"""Whether a typed reason says something, or only fills the field."""

from __future__ import annotations

import re

from fengqiao.kit.text import normalise

LEAST = 4  # characters of any reason
LEAST_LONG = 15  # where more is asked for
_DIFFERENT = 3  # characters that differ
_REST = 2  # characters left when filler is taken away
# Said of anything, so it says nothing; longest first. A station's own list may grow from its log.
FILLER = (
    *(
        "工作需要",
        "业务需要",
        "办案需要",
        "工作原因",
        "领导要求",
        "领导安排",
        "了解情况",
        "了解一下",
        "核实情况",
    ),
    *("测试一下", "看看情况", "查看信息", "正常查看", "日常工作", "看一下", "查一下", "问一下", "点错了"),
    *(
        "测试",
        "查看",
        "看看",
        "需要",
        "工作",
        "业务",
        "一下",
        "情况",
        "信息",
        "随便",
        "没有",
        "原因",
        "其他",
        "其它",
    ),
    *("asdf", "qwer", "qwerty", "test", "reason", "abc"),
)
_FILLER = re.compile("|".join(map(re.escape, sorted(FILLER, key=len, reverse=True))))
_SAID = re.compile(r"[^\W\d_]")


def says_something(reason: str, *, least: int = LEAST) -> bool:
    """At least so many characters, not the same ones over and over, and more than filler."""
    text = normalise(reason).lower()
    bare = re.sub(r"\s", "", text)
    if len(bare) < least or len(set(bare)) < _DIFFERENT or _repeats(bare):
        return False
    return len(_SAID.findall(_FILLER.sub("", bare))) >= _REST


def _repeats(bare: str) -> bool:
    """One short piece over and over: 核实核实核实, abcabcabc."""
    return any(
        len(bare) >= 2 * size and bare == (bare[:size] * len(bare))[: len(bare)]
        for size in range(1, len(bare) // 2 + 1)
    )
