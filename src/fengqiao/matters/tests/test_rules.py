"""Rules between answers are declared once: kept by the server, told to every form."""

from __future__ import annotations

import pytest

from fengqiao.kit.inputs import Input, asks, json_schema
from fengqiao.kit.problems import BadInput
from fengqiao.kit.rules import Rule
from fengqiao.matters.rules import keep_rules
from tests.station import SmallStation, small_station

pytestmark = pytest.mark.django_db


class TalkInput(Input):
    rules = (
        Rule("witness", "拒绝的，须有见证人", "${refused} and not(${witness})"),
        Rule("witness", "不能是自己", "${witness} = ${me}"),
        Rule("when", "当事人不填时间", "${party} and ${when}"),
    )
    refused: bool | None = asks("拒绝", default=None)
    witness: str | None = asks("见证人", default=None)
    when: str | None = asks("时间", default=None)


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def wrong(place: SmallStation, **given: object) -> list[tuple[str, str]]:
    try:
        keep_rules(TalkInput.model_validate(given), by=place.actor("haiwei"), within="given.")
    except BadInput as problem:
        return [(one.field, one.says) for one in problem.errors]
    return []


def test_what_breaks_a_rule_is_named_at_its_field(place: SmallStation):
    me = str(place.people["haiwei"].pk)

    assert wrong(place) == wrong(place, refused=False) == wrong(place, refused=True, witness="邻居") == []
    assert wrong(place, refused=True) == [("given.witness", "拒绝的，须有见证人")]
    assert wrong(place, witness=me, when="今天") == [("given.witness", "不能是自己")]


def test_the_schema_tells_the_rule_as_a_tree():
    told = json_schema(TalkInput)["x-rules"]

    assert told[0] == {
        "field": "witness",
        "says": "拒绝的，须有见证人",
        "tree": ("and", ("code", "refused"), ("not", ("code", "witness"))),
    }
    assert "x-rules" not in json_schema(Input)
