"""The places a campaign is about, kept by name: what was looked at stays in it, whatever its grade becomes."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models

from fengqiao.ground.models import OfStation, Premises
from fengqiao.matters.models import Matter
from fengqiao.store.declare import WORK


class CampaignPlace(OfStation):
    """One place of one campaign, since `taken_at`: it met the conditions then, and is in it to the end."""

    data = WORK

    campaign = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["station", "campaign", "premises"], name="campaign_place_once"),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.premises_id}"


def keep(campaign: Matter, found: models.QuerySet[Premises], *, at: datetime) -> None:
    """All of these are in it from now on; those that are already stay. One statement, however many."""
    wanted, values = found.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO campaign_campaignplace (station_id, campaign_id, premises_id, taken_at)
                SELECT %s, %s, found.id, %s FROM ({wanted}) AS found(id) ON CONFLICT DO NOTHING""",  # noqa: S608
            [campaign.station_id, campaign.pk, at, *values],
        )
