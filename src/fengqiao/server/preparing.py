"""Bringing a database to this version, and putting the first station into an empty one."""

from __future__ import annotations

from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from whitenoise.storage import CompressedManifestStaticFilesStorage

from fengqiao.checks.starting import ensure_lists
from fengqiao.ground.models import Station
from fengqiao.matters.commands import raise_owed
from fengqiao.people.demo import build_people
from fengqiao.people.first import first_administrator
from fengqiao.server import demonstration
from fengqiao.server.home import Home, write_private
from fengqiao.server.serving import SIGN_INS
from fengqiao.store.grants import grant
from fengqiao.store.scope import acting_for

ONE_AT_A_TIME = 0x66656E68


def migrate() -> None:
    """As the owner; several programs starting at once wait for each other."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        executor = MigrationExecutor(owner)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", database="owner", verbosity=0, skip_checks=True)
        grant(owner)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
    owner.close()


def collect_static() -> None:
    """Compressed, and under names that change with their content: a browser asks for each once."""
    command = CollectStatic()
    # Not the storage of the settings: those name this one only where its list of names lies already.
    command.storage = CompressedManifestStaticFilesStorage()
    call_command(command, verbosity=0, interactive=False, skip_checks=True, clear=True)


def first_station(home: Home, *, demo: bool) -> bool:
    """Into an empty database: the demo station, or an unnamed one with its first administrator."""
    if Station.objects.exists():
        return False
    if demo:
        told = demonstration.build(at=timezone.now(), build_people=build_people)
    else:
        made = first_administrator(timezone.now())
        told = [f"首次登录  {made[0]}  一次性口令 {made[1]}"] if made else []
    write_private(home.run / SIGN_INS, "\n".join(told))
    return True


def starting_lists() -> None:
    """Every station has the checklists the program brings, also one that was there before they were."""
    for station in Station.objects.all():
        with acting_for(station.pk):
            ensure_lists(station_id=station.pk, at=timezone.now())


def what_is_owed() -> None:
    """What became due while nothing ran, and on a first start the first round; the hourly job goes on from there."""
    for station_id in Station.objects.values_list("pk", flat=True):
        with acting_for(station_id):
            raise_owed(station_id=station_id, at=timezone.now())
