"""The rules an input declares, kept before its act runs; and what they may look at beside the answers."""

from __future__ import annotations

from typing import Any

from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import BadInput, FieldError
from fengqiao.kit.rules import broken
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor

# The phone knows them too (web/js/field/rules.js).
ME = "me"  # who answers; nothing for a machine or a party
PARTY = "party"  # whether a party answers, by their link
PLACE_KIND = "place.kind"  # what kind of place the matter is at, or nothing
FACTS = frozenset({ME, PARTY, PLACE_KIND})


def keep_rules(asked: Input, *, by: Actor, matter: Matter | None = None, within: str = "") -> None:
    """Raises BadInput that names every field which breaks a rule of its own input."""
    rules = type(asked).rules
    if not rules:
        return
    facts: dict[str, Any] = {
        ME: str(by.person_id or ""),
        PARTY: by.party_to is not None,
    }
    # Read only where a rule asks: most acts look at no place.
    if matter is not None and any(PLACE_KIND in rule.codes for rule in rules) and matter.premises:
        facts[PLACE_KIND] = matter.premises.kind
    wrong = broken(rules, asked.model_dump(mode="json") | facts)
    if wrong:
        errors = tuple(FieldError(f"{within}{one.field}", one.says) for one in wrong)
        raise BadInput(wrong[0].says, errors=errors)
