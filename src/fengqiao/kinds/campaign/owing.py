"""The checks a running campaign owes: places of its scope that nobody has checked this round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from fengqiao.checks.queries import current_named, listed_kinds
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import CHECK, take_in, unchecked
from fengqiao.matters.registry import Owed

AT_ONCE = 500


def owes(station_id: int, at: datetime) -> Iterator[Owed]:
    """Newcomers are taken in first. Up to 500 checks each time asked; the rest follow the next time. A list taken out of use owes nothing."""
    today = localdate(at)
    running = Campaign.objects.filter(
        station_id=station_id, matter__stage="running", starts_on__lte=today, ends_on__gte=today
    ).select_related("matter")
    for campaign in running:
        if campaign.checklist and current_named(campaign.checklist) is None:
            continue
        take_in(campaign, at=at)
        places = unchecked(campaign)
        if not campaign.checklist:
            places = places.filter(kind__in=listed_kinds())
        for premises_id in places.order_by("number").values_list("pk", flat=True)[:AT_ONCE]:
            yield Owed(
                key=f"{campaign.matter_id}:{campaign.round}:{premises_id}",
                given={
                    "premises": premises_id,
                    "source": "campaign",
                    "why": campaign.name,
                    "due_on": campaign.ends_on,
                    "checklist": campaign.checklist or None,
                },
                kind=CHECK,
                parent=campaign.matter_id,
            )
