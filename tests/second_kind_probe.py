"""Run by test_second_kind in a copy of the house that holds one kind more: says as JSON how it behaves."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime

import django

from tests.database import test_database


def main() -> None:
    with test_database(os.environ.get("DATABASE_URL", ""), "kind") as urls:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "fengqiao.server.settings",
            "FENGQIAO_APP_URL": urls.app,
            "FENGQIAO_OWNER_URL": urls.owner,
            "FENGQIAO_APP_ROLE": urls.role,
        }
        django.setup()
        told = probe()
        from django.db import connections

        connections.close_all()
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def probe() -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connections, transaction
    from django.test import Client
    from django.utils import timezone

    from fengqiao.field.slices import cut
    from fengqiao.figures.computing import Window, compute
    from fengqiao.matters.conformance import breaches
    from fengqiao.matters.models import Matter
    from fengqiao.matters.registry import kind
    from fengqiao.people.commands import issue_token
    from fengqiao.store.grants import grant
    from fengqiao.store.scope import say
    from tests.doors import client_of
    from tests.station import small_station

    call_command("migrate", database="owner", verbosity=0, skip_checks=True)
    grant(connections["owner"])
    page, now = kind("lost_property"), datetime.now(UTC)
    with transaction.atomic():
        place = small_station()
        token = issue_token(person=place.people["chief"], name="probe", at=now)
        desk = client_of(place, "haiwei")

    form = desk.get("/matters/new/lost_property").content.decode()
    desk.post(
        "/matters/new/lost_property",
        {"what": "黑色双肩包", "community": place.haiwei.code, "finder_phone": "13900000001", "key": "k1"},
    )
    with transaction.atomic():
        say(station=place.station.pk)
        matter = Matter.objects.get(kind="lost_property")
    api = Client(headers={"Authorization": f"Bearer {token}"})
    given = api.post(
        f"/api/v1/matters/{matter.pk}/acts/give_back",
        {"key": "k2", "given": {"proof": "说出了包里的东西"}},
        content_type="application/json",
    ).json()
    with transaction.atomic():
        say(station=place.station.pk)
        actor = place.actor("haiwei", timezone.localdate())
        catalogue = {cut.kind for cut in cut(actor, cursor="", at=timezone.now()).catalogue}
        values = compute(
            place.actor("chief", timezone.localdate()),
            Window(date(2020, 1, 1), timezone.localdate()),
            as_of=now,
        )
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'lost_property_lostproperty'"
            )
            walled = cursor.fetchone()[0]
    return {
        "breaches": breaches(page),
        "pending_migrations": _pending(),
        "walled": walled,
        "raised": matter.stage,
        "form_asks": [says for says in ("物品", "社区", "拾得人电话") if says in form],
        "stage_after_giving_back": given["stage"],
        "outcome": given["outcome"],
        "in_catalogue": "lost_property" in catalogue,
        "figure": next(v.fraction for v in values if v.slug == "lost_property_given_back"),
    }


def _pending() -> bool:
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        return True
    return False


if __name__ == "__main__":
    main()
