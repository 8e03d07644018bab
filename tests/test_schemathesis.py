"""The whole API from its own description: whatever is sent, no 5xx and no status it does not document."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from fengqiao.server.urls import api
from tests.doors import token_of
from tests.station import small_station

pytestmark = pytest.mark.django_db
# A stream never ends: it has its own test.
ENDLESS = {"/api/v1/events/stream"}


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(
        json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    )
    return [found.ok() for found in schema.get_all_operations() if found.ok().path not in ENDLESS]


OPERATIONS = operations()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_nothing_sent_breaks_it(operation: Any):
    place = small_station()
    token = token_of(place, "desk")
    client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
    documented = set(operation.definition.raw["responses"])

    @given(case=operation.as_strategy())
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        with transaction.atomic():
            answer = ask(client, case)
        assert answer.status_code < 500, answer.content[:300]
        assert str(answer.status_code) in documented, (answer.status_code, answer.content[:300])

    send()


def ask(client: Client, case: Any) -> Any:
    wanted = case.as_transport_kwargs(base_url="http://testserver")
    body = wanted.get("json")
    kwargs: dict[str, Any] = {"query_params": wanted.get("params") or {}}
    if body is not None:
        kwargs |= {"data": body, "content_type": "application/json"}
    return client.generic(
        case.method.upper(), wanted["url"].removeprefix("http://testserver"), **_data(kwargs)
    )


def _data(kwargs: dict[str, Any]) -> dict[str, Any]:
    if "data" in kwargs:
        kwargs["data"] = json.dumps(kwargs["data"])
    return kwargs
