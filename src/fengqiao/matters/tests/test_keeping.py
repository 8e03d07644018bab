"""Personal words die on their day and nothing else does; what the law holds stays until it is lifted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from fengqiao.figures.computing import Window, compute
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kit.problems import BadInput, Forbidden, NotFound, WordsDestroyed
from fengqiao.matters import clocks, keeping
from fengqiao.matters.commands import hand_in, lift_hold, perform, place_hold, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.looks import glimpses
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.registry import kind
from fengqiao.people.actors import machine
from fengqiao.server.keeping import due, keep
from fengqiao.store.models import Destruction
from fengqiao.store.secrets import GONE
from fengqiao.store.vault import Key
from tests.station import NOON, TODAY, SmallStation, small_station

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ON_ITS_DAY = NOON + 30 * DAY


@pytest.fixture
def place() -> SmallStation:
    clocks.forget_rules()
    return small_station()


def alert(place: SmallStation, reference: str = "R-1") -> Matter:
    given = {
        "reference": reference,
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾大道 12 号",
        "community": place.haiwei.code,
    }
    return raise_matter(kind_slug="fraud_alert", given=given, by=place.actor("desk"), at=NOON).matter


def do(place: SmallStation, matter: Matter, who: str, act: str, **given: Any) -> Any:
    key = f"{matter.pk}:{act}"
    return perform(matter_id=matter.pk, act=act, given=given, by=place.actor(who), at=NOON, key=key)


def closed(place: SmallStation, reference: str = "R-1") -> Matter:
    """Closed at NOON, with words in its detail and in an event."""
    matter = alert(place, reference)
    do(place, matter, "desk", "sign")
    do(place, matter, "haiwei", "call", result="reached", note="事主甲在东莞上班")
    do(place, matter, "desk", "false_alarm", reason="来文更正")
    return Matter.objects.select_related("vault").get(pk=matter.pk)


def run(place: SmallStation, at: datetime = ON_ITS_DAY, **options: Any) -> dict[str, int]:
    return {gone.what: gone.count for gone in keep(station_id=place.station.pk, at=at, **options)}


WORDS = "matters_matter(fraud_alert)"


def key_of(matter: Matter) -> Key:
    return Key.objects.get(pk=matter.pk)


def test_on_the_day_the_words_are_gone_and_a_day_before_they_are_not(place: SmallStation):
    matter = closed(place)

    assert run(place, ON_ITS_DAY - DAY) == {}
    assert key_of(matter).wrapped is not None
    assert run(place) == {WORDS: 1}

    assert (key_of(matter).wrapped, key_of(matter).destroyed_at) == (None, ON_ITS_DAY)
    detail = FraudAlert.objects.get(pk=matter.pk)
    assert [bool(words) for words in (detail.target_name, detail.target_phone, detail.address)] == [False] * 3
    note = Event.objects.get(matter=matter, act="call")
    assert note.words.glimpse(key_of(matter), "words") == GONE


def test_an_open_matter_keeps_its_words_however_old(place: SmallStation):
    matter = alert(place)

    assert run(place, NOON + 3000 * DAY) == {}
    assert key_of(matter).wrapped is not None


def plain_rows() -> list[tuple[str, ...]]:
    """Everything of matters but the sealed columns, as the database writes it."""
    found = []
    with connection.cursor() as cursor:
        for table, dropped in (
            ("matters_matter", ()),
            ("matters_clock", ()),
            ("matters_event", ()),
            ("fraud_alert_fraudalert", ("target_name", "target_phone", "address")),
        ):
            sealed = "".join(f" - '{column}'" for column in dropped)
            cursor.execute(f'SELECT (to_jsonb(t){sealed})::text FROM "{table}" t ORDER BY 1')
            found += cursor.fetchall()
    return found


def test_states_clocks_events_and_figures_stay_to_the_last_byte(place: SmallStation):
    for number in range(3):
        closed(place, f"R-{number}")
    alert(place, "R-open")
    window = Window(TODAY, TODAY, "")
    figures = compute(machine(place.station.pk), window, as_of=NOON)
    rows = plain_rows()

    assert run(place) == {WORDS: 3}

    assert plain_rows() == rows
    assert compute(machine(place.station.pk), window, as_of=NOON) == figures
    assert any(value.denominator for value in figures)


def test_a_second_run_finds_nothing_and_a_small_batch_comes_to_the_end(place: SmallStation):
    for number in range(5):
        closed(place, f"R-{number}")

    assert run(place, batch=2) == {WORDS: 5}
    assert run(place, batch=2) == {}

    written = Destruction.objects.filter(what=WORDS)
    assert sorted(written.values_list("count", flat=True)) == [1, 2, 2]
    assert len(set(written.values_list("run", "by_name", "method", "basis"))) == 1
    assert written[0].by_name == "系统"


def test_a_trial_run_counts_and_destroys_nothing(place: SmallStation):
    matter = closed(place)

    found = due(station_id=place.station.pk, at=ON_ITS_DAY)

    assert [(gone.what, gone.count, gone.held) for gone in found] == [(WORDS, 1, 0)]
    assert key_of(matter).wrapped is not None
    assert not Destruction.objects.exists()


def hold(place: SmallStation, matter: Matter, who: str = "chief", **given: Any) -> Any:
    asked = {"reason": "调取证据通知书〔2022〕12号"} | given
    return place_hold(matter_id=matter.pk, given=asked, by=place.actor(who), at=NOON)


def test_what_the_law_holds_is_kept_and_reported_until_it_is_lifted(place: SmallStation):
    held, other = closed(place, "R-1"), closed(place, "R-2")
    hold(place, held)

    report = keep(station_id=place.station.pk, at=ON_ITS_DAY)

    assert [(gone.what, gone.count, gone.held) for gone in report] == [(WORDS, 1, 1)]
    assert key_of(held).wrapped is not None
    assert key_of(other).wrapped is None
    lift_hold(matter_id=held.pk, by=place.actor("chief"), at=ON_ITS_DAY)
    assert run(place) == {WORDS: 1}
    assert key_of(held).wrapped is None


def test_a_hold_with_a_last_day_holds_through_it_and_no_longer(place: SmallStation):
    matter = closed(place)
    hold(place, matter, until=(ON_ITS_DAY + 5 * DAY).date().isoformat())

    assert run(place, ON_ITS_DAY + 5 * DAY) == {WORDS: 0}
    assert run(place, ON_ITS_DAY + 6 * DAY) == {WORDS: 1}


def test_only_the_chief_holds_once_and_in_time(place: SmallStation):
    matter, gone = closed(place, "R-1"), closed(place, "R-2")
    with pytest.raises(Forbidden):
        hold(place, matter, who="desk")
    with pytest.raises(NotFound):
        hold(place, matter, who="security")
    with pytest.raises(BadInput, match="不能早于今天"):
        hold(place, matter, until="2022-05-09")
    hold(place, matter)
    with pytest.raises(BadInput, match="已在依法保全"):
        hold(place, matter)
    run(place)
    with pytest.raises(WordsDestroyed):
        hold(place, gone)


def test_a_station_keeps_for_as_long_as_it_says(place: SmallStation):
    matter = closed(place)
    slug = "fraud_alert"

    assert keeping.set_days(station_id=place.station.pk, days={slug: 60}, at=NOON) == 1
    assert run(place) == {}
    assert keeping.set_days(station_id=place.station.pk, days={slug: 7}, at=NOON) == 1
    assert {row.page.slug: row.due for row in keeping.kept(at=NOON + 7 * DAY) if row.due} == {slug: 1}
    assert run(place, NOON + 7 * DAY) == {WORDS: 1}
    assert key_of(matter).wrapped is None
    assert keeping.set_days(station_id=place.station.pk, days={slug: None}, at=NOON) == 1
    assert keeping.days_of()[slug] == 30
    for wrong in (0, 3651):
        with pytest.raises(BadInput):
            keeping.set_days(station_id=place.station.pk, days={slug: wrong}, at=NOON)


def test_a_late_act_with_words_for_a_destroyed_matter_is_refused_in_words(place: SmallStation):
    matter = closed(place)
    run(place)
    late = {"matter": matter.pk, "act": "note", "given": {"note": "事主甲补充"}, "key": "late"}
    carried = Carried.model_validate({"id": uuid4(), "observed_at": NOON, "acts": [late]})

    handed = hand_in(carried=carried, by=place.actor("haiwei"), at=ON_ITS_DAY)

    (taken,) = handed.acts
    assert (taken.result, taken.problem.code, str(taken.problem)) == (
        "refused",
        "words_destroyed",
        "个人信息已按期销毁，请登记新事项",
    )
    assert not Event.objects.filter(key="late").exists()


def test_an_act_without_words_on_a_matter_that_stands_open_again_goes_on(place: SmallStation):
    """A kind may reopen: what says nothing about a person can still be written, words cannot."""
    matter = closed(place)
    run(place)
    Matter.objects.filter(pk=matter.pk).update(state="assigned", stage="signed", closed_at=None, outcome="")

    with pytest.raises(WordsDestroyed):
        do(place, matter, "desk", "note", note="事主甲补充")
    do(place, matter, "desk", "assign", holder=str(place.people["dongfeng"].pk))

    assert glimpses(Matter.objects.get(pk=matter.pk), kind("fraud_alert").detail.objects.get()) == []


def test_one_stations_run_leaves_the_others_alone(place: SmallStation):
    mine = closed(place)
    theirs = small_station("乙所")
    run(theirs)

    from fengqiao.store.scope import say

    say(station=place.station.pk)
    assert key_of(mine).wrapped is not None
