"""Rows for every table of an old state of the schema, made from what its models say of their columns."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.migrations.state import StateApps

AT = datetime(2022, 5, 10, 4, 0, tzinfo=UTC)
# Columns that must stay empty beside the values given to the others: open matters, running posts.
EMPTY = {"closed_at", "ends_on", "voided_at", "stopped_at", "left_at", "destroyed_at"}


def fill(state: StateApps, labels: set[str], database: str, rows: int) -> dict[str, int]:
    """So many rows in each table of these apps; gives the number of rows by table."""
    made: dict[str, int] = {}
    for model in _in_order([model for model in state.get_models() if model._meta.app_label in labels]):
        # All belongs to one station: rows behind its wall are seen together.
        count = 1 if model._meta.model_name == "station" else rows
        for number in range(1, count + 1):
            model._default_manager.using(database).create(**_values(model, database, number))
        made[model._meta.db_table] = count
    return made


def _in_order(found: list[type[models.Model]]) -> Iterator[type[models.Model]]:
    """A table comes after those it points to."""
    waiting, done = list(found), set()
    while waiting:
        ready = [model for model in waiting if _needs(model, found) <= done | {model._meta.label}]
        assert ready, [model._meta.label for model in waiting]
        yield from ready
        done |= {model._meta.label for model in ready}
        waiting = [model for model in waiting if model not in ready]


def _needs(model: type[models.Model], among: list[type[models.Model]]) -> set[str]:
    known = {other._meta.label for other in among}
    return {f.related_model._meta.label for f in model._meta.concrete_fields if f.is_relation} & known


def _values(model: type[models.Model], database: str, number: int) -> dict[str, Any]:
    values = {}
    for field in model._meta.concrete_fields:
        generated = isinstance(field, models.AutoField) or field.has_db_default()
        if not generated and field.name not in EMPTY:
            values[field.attname] = _value(field, model, database, number)
    return values


def _value(field: Any, model: type[models.Model], database: str, number: int) -> Any:
    if field.is_relation:
        if field.related_model is model:
            return None
        keys = (
            field.related_model._default_manager.using(database).order_by("pk").values_list("pk", flat=True)
        )
        return list(keys)[0 if field.related_model._meta.model_name == "station" else number - 1]
    if field.choices:
        return field.choices[0][0]
    if field.name == "kind":
        return "fraud_alert"
    if field.name == "station_id":
        return 1
    return _of_type(field, number)


def _of_type(field: Any, number: int) -> Any:
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=number)
    if isinstance(field, models.CharField | models.TextField):
        return f"{field.name[:6]}{number:02}"[-(field.max_length or 99) :]
    simple: dict[type, Any] = {
        ArrayField: [],
        models.DateTimeField: AT,
        models.DateField: date(2022, 5, number),
        models.BooleanField: True,
        models.JSONField: {"number": number, "说明": "旧版数据"},
        models.BinaryField: b"sealed %d" % number,
        models.DecimalField: number,
        models.FloatField: 22.8 + number / 1000,
        models.IntegerField: number,
        models.BigIntegerField: number,
    }
    return next(value for kind, value in simple.items() if isinstance(field, kind))
