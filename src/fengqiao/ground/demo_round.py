"""What the demo station knows of its places: when each was checked and verified, and where e-bikes stand."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from fengqiao.ground.models import Premises, PremisesKind, Via

# Where e-bikes are kept, and how often people and vehicles are found separated there.
E_BIKES = {
    PremisesKind.RENTAL_HOUSE: (0.8, 0.55),
    PremisesKind.CHARGING_AREA: (1.0, 0.9),
    PremisesKind.SHOP: (0.3, 0.7),
    PremisesKind.ENTERPRISE: (0.7, 0.8),
}
VERIFIER = "社区民警(演示)"


def walked(places: Iterable[Premises], *, at: datetime, seed: int) -> None:
    """Fill the rows, unsaved, as a station a year on its rounds would have them on this day."""
    rng = random.Random(seed)  # noqa: S311 invented facts, no secret
    for place in places:
        place.registered_on = (at - timedelta(days=rng.randint(300, 900))).date()
        _e_bikes(place, rng)
        if rng.random() < 0.93:
            place.last_check_at = at - timedelta(days=rng.randint(1, 75), hours=rng.randint(0, 9))
        if rng.random() < 0.9:
            _verified(place, at - timedelta(days=rng.randint(2, 420)), rng)
        if rng.random() < 0.03:
            place.contact_phone = ""


def _e_bikes(place: Premises, rng: random.Random) -> None:
    kept, separated = E_BIKES.get(PremisesKind(place.kind), (0.1, 0.9))
    if rng.random() < 0.04:
        return  # nobody has looked yet
    place.e_bikes = rng.random() < kept
    place.separated = rng.random() < separated if place.e_bikes else None


def _verified(place: Premises, when: datetime, rng: random.Random) -> None:
    place.verified_at, place.verified_by = when, VERIFIER
    place.verified_what = rng.choice(
        ("address,contact", "address,contact,e_bikes", "contact", "address,rooms")
    )
    place.verified_via = rng.choice((Via.NO_TAG, Via.QR, Via.QR, Via.NFC))
