"""The hourly tidying: what nobody counts any more goes, what is still counted stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fengqiao.people.models import SignInTrial
from fengqiao.server.jobs import tidy


@pytest.mark.django_db
def test_old_sign_in_trials_go_and_fresh_ones_stay():
    now = timezone.now()
    for age in (timedelta(hours=1), timedelta(days=2)):
        SignInTrial.objects.create(scope="account", digest="d", at=now - age)

    tidy(timestamp=0)

    assert SignInTrial.objects.count() == 1
