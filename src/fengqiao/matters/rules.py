"""The rules an input declares, kept before its act runs; and what they may look at beside the answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import BadInput, FieldError
from fengqiao.kit.rules import Rule, broken
from fengqiao.matters.at_door import OVER
from fengqiao.matters.knocks import month_for
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor

# The phone knows them too (web/js/field/rules.js).
ME = "me"  # who answers; nothing for a machine or a party
PARTY = "party"  # whether a party answers, by their link
PLACE_KIND = "place.kind"  # what kind of place the matter is at, or nothing
FACTS = frozenset({ME, PARTY, PLACE_KIND, OVER})


def keep_rules(
    asked: Input, *, by: Actor, matter: Matter | None = None, at: datetime | None = None, within: str = ""
) -> None:
    """Raises BadInput that names every field which breaks a rule of its own input. `at`: when a knock at the
    matter's door is to stand against the month's budget; None where it was let pass before."""
    rules = type(asked).rules
    if not rules:
        return
    facts = {ME: str(by.person_id or ""), PARTY: by.party_to is not None}
    wrong = broken(rules, asked.model_dump(mode="json") | facts | _of_place(rules, by, matter, at), say=_)
    if wrong:
        errors = tuple(FieldError(f"{within}{one.field}", one.says) for one in wrong)
        raise BadInput(wrong[0].says, errors=errors)


def _of_place(rules: Iterable[Rule], by: Actor, matter: Matter | None, at: datetime | None) -> dict[str, Any]:
    """What is known of the place. Read only where a rule asks: most acts look at none."""
    asked = frozenset[str]().union(*(rule.codes for rule in rules))
    found: dict[str, Any] = {}
    if matter is not None and PLACE_KIND in asked and matter.premises:
        found[PLACE_KIND] = matter.premises.kind
    if matter is not None and OVER in asked and at is not None:
        found[OVER] = month_for(matter, by=by, at=at).over
    return found
