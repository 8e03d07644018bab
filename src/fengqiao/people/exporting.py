"""What leaves as a file or on paper is written down first, in the same transaction as the answer. More rows than one
person may take out alone are granted by a second one before the file exists."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fengqiao.ground.models import Station
from fengqiao.kit.problems import BadInput
from fengqiao.kit.reasons import says_something
from fengqiao.people.actors import Actor
from fengqiao.people.models import Export
from fengqiao.store.scope import require_transaction

WITHOUT_PURPOSE = 50  # rows


def alone(station_id: int) -> int:
    """How many rows one person may take out alone; `settings["exports_alone"]` of the station goes before it."""
    held = Station.objects.values_list("settings", flat=True).get(pk=station_id)
    return int((held or {}).get("exports_alone", WITHOUT_PURPOSE))


def asks_purpose(rows: int) -> bool:
    return rows > WITHOUT_PURPOSE


def note_export(*, by: Actor, what: str, rows: int, purpose: str = "") -> Export | None:
    """Call before the rows are rendered; prints count as well. Raises BadInput when more rows than 50 leave
    without a purpose. The station's own machine leaves none."""
    require_transaction()
    if by.person_id is None:
        return None
    if asks_purpose(rows) and not says_something(purpose):
        raise BadInput.at("purpose", _("超过 {} 行，请写明用途(至少 4 个字)").format(WITHOUT_PURPOSE))
    return Export.objects.create(
        station_id=by.station_id,
        person_id=by.person_id,
        role=by.main_role,
        what=what[:60],
        rows=rows,
        purpose=purpose.strip()[:200],
    )
