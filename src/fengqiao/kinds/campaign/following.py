"""After every act of a running campaign, its start and each new round above all: the places it is about are kept."""

from __future__ import annotations

from datetime import datetime

from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import take_in
from fengqiao.matters.models import Matter


def follows(matter: Matter, at: datetime) -> None:
    if matter.stage == "running":
        take_in(Campaign.objects.select_related("matter").get(pk=matter.pk), at=at)
