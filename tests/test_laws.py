"""Laws over the registry and the schema: a new kind, table or column is judged here without being named."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from fengqiao.ground.models import OfStation, Station
from fengqiao.matters.conformance import breaches
from fengqiao.matters.models import Detail
from fengqiao.matters.registry import Kind, kinds
from fengqiao.store.declare import Data, DataClass, declaration
from fengqiao.store.grants import append_only_tables
from fengqiao.store.lives import has_end, must_end
from fengqiao.store.secrets import SecretField
from tests.station import small_station

OURS = [model for model in apps.get_models() if model.__module__.startswith("fengqiao.")]
COLUMNS = [(model, field) for model in OURS for field in model._meta.concrete_fields]
# Tables of the whole cell, with the reason they stand outside every station's wall.
CELL = {
    "ground_division": "public register of administrative divisions",
    "ground_station": "the stations themselves: names and public telephones",
    "people_signintrial": "keyed digests counted before anybody's station is known",
    "store_heartbeat": "signs of life of the program's parts",
}


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.slug)
def test_every_kind_keeps_the_laws(kind: Kind):
    assert breaches(kind) == []


@pytest.mark.parametrize(
    ("model", "field"), COLUMNS, ids=[f"{model._meta.db_table}.{field.name}" for model, field in COLUMNS]
)
def test_every_column_says_class_purpose_basis_and_end_of_life(
    model: type[models.Model], field: models.Field
):
    said = declaration(field)

    assert said is not None, "declare it with data=… (fengqiao.store.declare)"
    assert said.purpose
    assert said.basis
    assert said.life.event


def test_every_column_about_persons_has_somebody_who_ends_it():
    """A life nobody can date is a promise nobody keeps."""
    endless = [
        f"{model._meta.db_table}.{field.name}: {said.life}"
        for model, field in COLUMNS
        if isinstance(said := getattr(field, "data", None), Data)
        and must_end(said)
        and not has_end(model, said)
    ]

    assert endless == []


def test_words_about_people_in_need_are_sealed_columns():
    bare = [
        f"{model._meta.db_table}.{field.name}"
        for model, field in COLUMNS
        if (said := declaration(field))
        and said.cls == DataClass.IN_NEED
        and not isinstance(field, SecretField)
    ]

    assert bare == []


FORBIDDEN = (
    "score",
    "rank",
    "points",
    "mileage",
    "online_time",
    "check_in",
    "face",
    "gait",
    "track",
    "id_number",
)


def test_nothing_that_must_never_exist_has_a_column():
    found = [
        f"{model._meta.db_table}.{field.name}"
        for model, field in COLUMNS
        if any(word in field.name for word in FORBIDDEN)
    ]

    assert found == []


def station_tables() -> list[str]:
    belongs = (OfStation, Detail)
    beneath = ("store_key", "store_destruction", "store_seal")
    return sorted(m._meta.db_table for m in OURS if issubclass(m, belongs) or m._meta.db_table in beneath)


@pytest.mark.django_db
def test_every_table_of_a_station_stands_behind_a_forced_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
        )
        walled = {row[0] for row in cursor.fetchall()}

    assert {model._meta.db_table for model in OURS} - set(CELL) == set(station_tables())
    assert set(station_tables()) == walled


@pytest.mark.django_db
def test_without_a_station_every_table_is_empty():
    place = small_station()
    assert place.people

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.station', '', true)")
        seen = {}
        for table in station_tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            seen[table] = cursor.fetchone()[0]

    assert seen == dict.fromkeys(station_tables(), 0)


@pytest.mark.django_db
def test_the_application_has_no_power_over_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, r.rolsuper, r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user"
        )
        assert cursor.fetchone() == ("fengqiao_app", False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_row_cannot_point_into_another_station():
    mine, theirs = small_station("甲所"), small_station("乙所")
    assert Station.objects.count() >= 2

    with pytest.raises(Exception, match="foreign key constraint"), transaction.atomic():
        mine.people["haiwei"].posts.model.objects.create(
            station=theirs.station, person=mine.people["haiwei"], role="officer", starts_on="2022-01-01"
        )


def test_what_is_only_added_to_is_known():
    assert append_only_tables() == [
        "checks_checklistversion",
        "matters_event",
        "matters_issued",
        "matters_servicereceipt",
        "people_approval",
        "people_approvalanswer",
        "people_export",
        "people_findingreview",
        "people_look",
        "people_opening",
        "people_openingreview",
        "people_sealcheck",
        "people_signin",
        "store_destruction",
        "store_seal",
    ]
