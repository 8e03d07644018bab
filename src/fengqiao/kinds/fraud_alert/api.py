"""Intake from outside: the anti-fraud centre's instruction, once per reference."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from fengqiao.api.matters import told_raised
from fengqiao.api.root import REFUSALS
from fengqiao.kinds.fraud_alert.inputs import AlertIntake
from fengqiao.matters.commands import raise_matter
from fengqiao.matters.telling import MatterTold
from fengqiao.people.doors import actor

router = Router(tags=["fraud alerts"])


@router.post(
    "/fraud-alerts",
    response={200: MatterTold, 201: MatterTold, **REFUSALS},
    summary="Take a fraud alert in; the same reference and content gives the same matter",
)
def post_fraud_alert(request: HttpRequest, alert: AlertIntake) -> Status[MatterTold]:
    caller = actor(request)
    taken = raise_matter(kind_slug="fraud_alert", given=alert, by=caller, at=timezone.now())
    return Status(200 if taken.repeated else 201, told_raised(taken, caller))
