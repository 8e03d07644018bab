"""Rules between the answers of one form, declared as data: a phone without a network keeps the same ones.

What only the database knows (a count, somebody's post today) is no rule here: the act itself refuses that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fengqiao.kit.expressions import Tree, parse
from fengqiao.kit.problems import FieldError

_NAMED = re.compile(r"\$\{([\w.]+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """`field` is refused with `says` where `when` holds: an expression over answers, `${name}`, and over what is
    known beside them (see `matters.rules`). An answer that was not given is empty. `says` may name them, too."""

    field: str
    says: str
    when: str

    @property
    def codes(self) -> frozenset[str]:
        return parse(self.when).codes

    @property
    def tree(self) -> Tree:
        return parse(self.when).tree

    def told(self) -> dict[str, Any]:
        """As JSON: the expression as a tree, so that no other reader of expressions is needed."""
        return {"field": self.field, "says": self.says, "tree": self.tree}


def broken(
    rules: Iterable[Rule], values: Mapping[str, Any], *, say: Callable[[str], str] = str
) -> tuple[FieldError, ...]:
    """The first rule each field breaks, in the order they are declared; `say` puts its words in the reader's language."""
    given = {name: value for name, value in values.items() if value is not None}
    found: dict[str, FieldError] = {}
    for rule in rules:
        if rule.field not in found and parse(rule.when).holds(given):
            found[rule.field] = FieldError(rule.field, _filled(say(rule.says), given))
    return tuple(found.values())


def _filled(says: str, given: Mapping[str, Any]) -> str:
    return _NAMED.sub(lambda named: str(given.get(named[1], "")), says)
