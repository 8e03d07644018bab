"""How long grading a register of 200,000 places takes: the first time, a usual night, and under new rules."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

from benchmarks.house import house

PLACES = 200_000


def main(count: int = PLACES) -> None:
    with house() as built:
        os.environ["FENGQIAO_APP_URL"] = built.app_url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.server.settings")
        import django

        django.setup()
        measure(count)


def measure(count: int) -> None:
    from benchmarks import places
    from fengqiao.ground.grading import grade_premises, preview
    from fengqiao.ground.models import Premises, Station
    from fengqiao.kit.grading import DEFAULT
    from fengqiao.store.scope import acting_for

    station, at = Station.objects.get(), datetime.now(UTC)
    with acting_for(station.pk):
        places.make(count)
        ids = list(Premises.objects.order_by("pk").values_list("pk", flat=True))
    some, others = places.hazards(ids, share=0.2), places.hazards(ids[: count // 50], share=0.5)
    for says, facts in (("all graded", some), ("nothing changed", some), ("hazards changed", others)):
        began = time.monotonic()
        with acting_for(station.pk):
            found = grade_premises(station_id=station.pk, at=at, facts=facts)
        print(f"{says:16} {time.monotonic() - began:6.1f} s  {len(ids)} places  {dict(found)}")
    began = time.monotonic()
    with acting_for(station.pk):
        preview(station_id=station.pk, rules=DEFAULT, at=at)
    print(f"{'rules tried':16} {time.monotonic() - began:6.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
