"""A checklist as data: what is asked at a place, what a good answer is, and what a bad one is called.

Pure: knows no table and no page. A `Sheet` is a tuple of `Item`s; answers are plain JSON,
`{"<code>": {"value", "note", "spot", "photos"}}`, so that a phone can keep them and a server judge them.
"""

from fengqiao.kit.expressions import Expression, parse
from fengqiao.kit.sheets.comparing import Change, differences
from fengqiao.kit.sheets.judging import Finding, answered, findings, judge, relevant_codes
from fengqiao.kit.sheets.shape import Answer, Item, ItemType, Severity, Sheet

__all__ = [
    "Answer",
    "Change",
    "Expression",
    "Finding",
    "Item",
    "ItemType",
    "Severity",
    "Sheet",
    "answered",
    "differences",
    "findings",
    "judge",
    "parse",
    "relevant_codes",
]
