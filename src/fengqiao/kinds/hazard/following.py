"""What the hazards of a place say of its grade: told to the register after every act, in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from fengqiao.ground.grading import tell
from fengqiao.kinds.hazard.commands import NOT_COUNTED, RECURS_WITHIN
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.matters.models import Matter

# Seen to be mended, or ended: no longer a danger that stands.
MENDED = Q(matter__state="verified") | Q(matter__closed_at__isnull=False)


def follows(matter: Matter, at: datetime) -> None:
    """Counts what is open, overdue and recurred at the place of this hazard."""
    if matter.premises is None:
        return
    held = Hazard.objects.filter(matter__premises=matter.premises).exclude(matter__outcome__in=NOT_COUNTED)
    stands = ~MENDED
    counted = held.aggregate(
        **{
            f"open_{level}": Count("pk", filter=stands & Q(matter__level=level))
            for level in ("serious", "general", "minor")
        },
        overdue=Count("pk", filter=stands & Q(due_at__lt=at)),
        recurred_180d=Count("pk", filter=Q(earlier__isnull=False, matter__raised_at__gt=at - RECURS_WITHIN)),
    )
    tell(station_id=matter.station_id, premises_id=matter.premises.pk, facts=counted, at=at)
