"""Grading the register by the station's rules: many places in a few statements, what did not change left alone.

What hazards are open where is told from above (`facts`); the register adds what it knows itself and keeps
what it was told, so that new rules can be tried and applied without asking again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.timezone import get_current_timezone

from fengqiao.ground.grade_rules import rules_of
from fengqiao.ground.models import Premises
from fengqiao.kit.grading import BY_CODE, Graded, Rules, grade, next_check
from fengqiao.store.scope import require_transaction

Facts = Mapping[str, int]
VERIFIED_FOR = timedelta(days=365)
# Each part is joined with the whole register.
CHUNK = 40_000
_CONDITION = ("grade_facts", "rooms", "e_bikes", "separated", "contact_phone", "verified_at", "last_check_at")
_STANDING = ("grade", "grade_why", "check_due", "check_why")
_WRITE = """
    UPDATE ground_premises AS held
    SET grade = new.grade, grade_why = new.grade_why, check_due = new.check_due, check_why = new.check_why,
        grade_facts = new.facts::jsonb, graded_at = %s
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[])
         AS new(id, grade, grade_why, check_due, check_why, facts)
    WHERE held.station_id = %s AND held.id = new.id
"""


class Place(NamedTuple):
    """What of one row grading reads."""

    grade_facts: dict[str, int]
    rooms: int | None
    e_bikes: bool | None
    separated: bool | None
    contact_phone: str
    verified_at: datetime | None
    last_check_at: datetime | None


def grade_premises(
    *,
    station_id: int,
    at: datetime,
    facts: Mapping[UUID, Facts] | None = None,
    ids: Collection[UUID] | None = None,
) -> Counter[str]:
    """Grades the standing places of the station, or those of `ids`; gives how many have which grade.

    `facts` None: as told last. Otherwise what is told replaces it, and a place not told of has no hazards.
    """
    require_transaction()
    _check(facts)
    grader, found, rows = _Grader(rules_of(station_id), at), Counter[str](), _rows(station_id, ids)
    while chunk := list(islice(rows, CHUNK)):
        changed = []
        for pk, since, place, stood in chunk:
            told = place.grade_facts if facts is None else _counted(facts.get(pk, {}))
            new = grader.told(Place(told, *place[1:]), since)
            found[new[0]] += 1
            if new != stood or told != place.grade_facts:
                changed.append((pk, *new, json.dumps(told)))
        _write(station_id, changed, at)
    return found


def grade_new(places: Iterable[Premises], *, station_id: int, at: datetime) -> None:
    """Places about to be registered, of which nobody has told anything yet: graded before they are written."""
    grader = _Grader(rules_of(station_id), at)
    for new in places:
        place = Place(*(getattr(new, name) for name in _CONDITION))
        new.grade, new.grade_why, new.check_due, new.check_why = grader.told(place, new.registered_on)
        new.graded_at = at


def regrade_one(premises: Premises, *, at: datetime) -> None:
    """After a change of the row itself; the object is read anew."""
    if premises.voided_at is None:
        grade_premises(station_id=premises.station_id, at=at, ids=[premises.pk])
        premises.refresh_from_db(fields=[*_STANDING, "graded_at"])


def preview(*, station_id: int, rules: Rules, at: datetime) -> Counter[tuple[str, str]]:
    """(grade now, grade by these rules) -> places. Writes nothing."""
    grader = _Grader(rules, at)
    rows = _rows(station_id, None)
    return Counter((stood[0], str(grader.graded(place).grade)) for _pk, _since, place, stood in rows)


def facts_of(place: Any, at: datetime) -> dict[str, int]:
    """Every fact of a place, a `Premises` or a `Place`: as told from above, and as the register knows."""
    mixed = bool(place.e_bikes) and not place.separated
    verified = place.verified_at is not None and place.verified_at > at - VERIFIED_FOR
    return {
        **place.grade_facts,
        "mixed": int(mixed),
        "mixed_rooms": place.rooms or 0 if mixed else 0,
        "rooms": place.rooms or 0,
        "never_checked": int(place.last_check_at is None),
        "unverified": int(not verified),
        "no_contact": int(not place.contact_phone),
    }


class _Grader:
    """One run by one set of rules: places alike in what the rules ask are judged, and told, once."""

    def __init__(self, rules: Rules, at: datetime) -> None:
        self._rules, self._at, self._zone = rules, at, get_current_timezone()
        self._articles = rules.articles()
        self._asked = list(dict.fromkeys(article.fact.code for article in self._articles))
        self._graded: dict[tuple[int | None, ...], Graded] = {}
        self._next: dict[Any, tuple[date, str]] = {}

    def graded(self, place: Place) -> Graded:
        facts = facts_of(place, self._at)
        key = tuple(map(facts.get, self._asked))
        if key not in self._graded:
            self._graded[key] = grade(facts, self._articles)
        return self._graded[key]

    def told(self, place: Place, since: date | None) -> tuple[str, str, date, str]:
        """Grade, why, due, why: as the columns hold them."""
        graded = self.graded(place)
        last = place.last_check_at.astimezone(self._zone).date() if place.last_check_at else None
        # once checked, the day of registration says nothing any more
        year = (place.grade_facts.get("checks_365d", 0), place.grade_facts.get("found_365d", 0))
        key = (graded.grade, last, year if last else since)
        if key not in self._next:
            day = since or self._at.astimezone(self._zone).date()
            facts = place.grade_facts
            self._next[key] = next_check(graded.grade, self._rules, last=last, since=day, facts=facts)
        return (graded.grade.value, graded.why, *self._next[key])


def _rows(
    station_id: int, ids: Collection[UUID] | None
) -> Iterator[tuple[UUID, Any, Place, tuple[Any, ...]]]:
    asked = Premises.objects.filter(station_id=station_id, voided_at=None).order_by()
    if ids is not None:
        asked = asked.filter(pk__in=ids)
    end = 2 + len(_CONDITION)
    for row in asked.values_list("pk", "registered_on", *_CONDITION, *_STANDING).iterator(CHUNK):
        yield row[0], row[1], Place(*row[2:end]), row[end:]


def _counted(told: Facts) -> dict[str, int]:
    return {code: int(number) for code, number in told.items() if number}


def _check(facts: Mapping[UUID, Facts] | None) -> None:
    told = {code for given in (facts or {}).values() for code in given}
    strange = {code for code in told if code not in BY_CODE or BY_CODE[code].known}
    if strange:
        raise ValueError(f"facts that are not told from above: {sorted(strange)}")


def _write(station_id: int, changed: Iterable[tuple[Any, ...]], at: datetime) -> None:
    columns = [list(column) for column in zip(*changed, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [at, *columns, station_id])
