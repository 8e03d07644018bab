"""Many places in the demo station's register, made by the database itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from uuid import UUID

from django.db import connection

_PLACES = """
    INSERT INTO ground_premises (
        id, station_id, number, kind, name, community_id, address, door_plate, lon, lat, point_source, rooms,
        contact_name, contact_phone, note, e_bikes, separated, grade, grade_why, grade_facts, check_why,
        verified_what, verified_via, verified_by, last_check_at, verified_at, registered_on, updated_at)
    SELECT gen_random_uuid(), c.station_id, 'B-' || n, (ARRAY['rental_house', 'shop', 'enterprise', 'residence'])[1 + n %% 4],
        '压测场所' || n, c.id, '容桂街道' || c.name || '长安路' || n || '号', '', c.lon + (random() - .5) / 60,
        c.lat + (random() - .5) / 60, '示意', n %% 60, '房东', '13900000000', '', n %% 3 = 0, n %% 5 > 1, '', '', '{}', '',
        '', '', '', now() - random() * interval '120 days', now() - random() * interval '500 days',
        current_date - 400, now()
    FROM generate_series(1, %s) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS turn, count(*) OVER () AS many FROM ground_community) AS c
         ON c.turn = n %% c.many
"""
FACTS = ("open_serious", "open_general", "open_minor", "overdue", "recurred_180d")


def make(count: int) -> None:
    """Inside `acting_for`."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [count])
        cursor.execute("ANALYZE ground_premises")


def hazards(ids: list[UUID], *, share: float) -> Mapping[UUID, Mapping[str, int]]:
    """As a keeper of hazards would tell them: some places have a few."""
    rng = random.Random(1)
    return {pk: {rng.choice(FACTS): rng.randint(1, 3)} for pk in ids if rng.random() < share}
