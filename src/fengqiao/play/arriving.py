"""When things come in: a Poisson stream with the day's own shape, the same for the same seed and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp
from random import Random
from uuid import UUID

from fengqiao.ground.models import Community, Premises
from fengqiao.kit.days import local_day, midnight
from fengqiao.play.playbook import Arrival, Ground, Playbook

# Whatever the play raises bears a reference that begins so; it never acts on anything else.
MARK = "DEMO-"


@dataclass(frozen=True, slots=True)
class Coming:
    book: Playbook
    arrival: Arrival


def coming(
    books: Sequence[Playbook], *, begins: datetime, ends: datetime, seed: int, rate: float | None
) -> Iterator[Coming]:
    """Everything that arrives between the two moments, in order. `rate` (a day, of all kinds together)
    replaces the books' own, in their proportions."""
    scale = 1.0 if rate is None else rate / sum(book.rate for book in books)
    day = local_day(begins)
    while day <= local_day(ends):
        of_day = [
            Coming(book, arrival) for book in books for arrival in _of_day(book, day, seed, book.rate * scale)
        ]
        yield from sorted(
            (one for one in of_day if begins <= one.arrival.at < ends), key=lambda one: one.arrival.at
        )
        day += timedelta(days=1)


def _of_day(book: Playbook, day: date, seed: int, rate: float) -> Iterator[Arrival]:
    rng = Random(f"{seed}:{book.kind}:{day}")  # noqa: S311 a play, no secret
    for number in range(poisson(rng, rate)):
        hour = rng.choices(range(24), weights=book.by_hour)[0]
        at = midnight(day) + timedelta(hours=hour, seconds=rng.randrange(3600))
        yield Arrival(at=at, reference=f"{MARK}{seed}-{day:%Y%m%d}-{number + 1:03d}")


def poisson(rng: Random, mean: float) -> int:
    """How many of something rare happen (Knuth's product of uniforms, in parts the exponent can bear)."""
    count = 0
    while mean > 0:
        part, mean = min(mean, 30.0), mean - min(mean, 30.0)
        product, floor = rng.random(), exp(-part)
        while product > floor:
            count += 1
            product *= rng.random()
    return count


def ground() -> Ground:
    """The station's own register: addresses by community, places by kind; runs inside `acting_for`."""
    found: dict[str, list[str]] = {code: [] for code in Community.objects.values_list("code", flat=True)}
    standing = Premises.objects.filter(voided_at=None).order_by("number")
    places: dict[str, list[UUID]] = {}
    for pk, kind, code, address in standing.values_list("pk", "kind", "community__code", "address"):
        found[code].append(address)
        places.setdefault(kind, []).append(pk)
    return Ground(
        {code: tuple(addresses) for code, addresses in sorted(found.items())},
        {kind: tuple(known) for kind, known in sorted(places.items())},
    )
