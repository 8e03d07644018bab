"""Photos of a matter: attached by the act that names them, seen with the matter, ended with its words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fengqiao.evidence.commands import PhotoGiven, keep_photo
from fengqiao.evidence.models import Photo
from fengqiao.kit.inputs import Input, asks, json_schema, validate
from fengqiao.kit.photos import photo_ids
from fengqiao.kit.problems import BadInput, NotFound
from fengqiao.matters import clocks
from fengqiao.matters.commands import hand_in, perform, raise_matter
from fengqiao.matters.commands.handing_in import Carried
from fengqiao.matters.models import Event, Matter
from fengqiao.matters.photos import of_events, picture
from fengqiao.people.models import Look
from fengqiao.server.keeping import keep
from fengqiao.store.ciphers import Unreadable
from fengqiao.store.scope import say
from fengqiao.store.vault import Key
from tests import pictures
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db


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


def photo(place: SmallStation, who: str = "haiwei", colour: str = "red") -> Photo:
    given = validate(PhotoGiven, {"id": uuid4()})
    return keep_photo(given=given, content=pictures.jpeg(colour=colour), by=place.actor(who)).photo


def note(
    place: SmallStation, matter: Matter, *ids: UUID, who: str = "haiwei", key: str = "n", at: Any = NOON
) -> Any:
    given = {"note": "门口", "photos": [str(photo_id) for photo_id in ids]}
    return perform(matter_id=matter.pk, act="note", given=given, by=place.actor(who), at=at, key=key)


def see(place: SmallStation, photo: Photo, who: str, *, thumb: bool = False) -> bytes:
    return picture(photo_id=photo.pk, by=place.actor(who), at=timezone.now(), thumb=thumb)


def test_an_act_takes_its_photos_along(place: SmallStation):
    matter, one, two = alert(place), photo(place), photo(place, colour="green")

    done = note(place, matter, one.pk, two.pk)

    assert set(Photo.objects.filter(subject=matter.pk).values_list("pk", flat=True)) == {one.pk, two.pk}
    assert [p.pk for p in of_events([done.event], matter)[done.event.pk]] == [one.pk, two.pk]


def test_before_it_belongs_to_a_matter_only_the_uploader_sees_it(place: SmallStation):
    mine = photo(place)

    assert see(place, mine, "haiwei").startswith(b"\xff\xd8")
    for who in ("desk", "chief", "dongfeng", "security"):
        with pytest.raises(NotFound):
            see(place, mine, who)


def test_then_whoever_sees_the_matter_sees_it_and_nobody_else(place: SmallStation):
    matter, mine = alert(place), photo(place)
    note(place, matter, mine.pk)

    for who in ("haiwei", "auxiliary", "desk", "chief"):
        assert see(place, mine, who, thumb=True)
    for who in ("dongfeng", "security", "audit", "system"):
        with pytest.raises(NotFound):
            see(place, mine, who)
    elsewhere = small_station("乙所")
    with pytest.raises(NotFound):
        see(elsewhere, mine, "chief")


def test_opening_the_large_picture_is_a_look_and_paging_is_one(place: SmallStation):
    matter, one, two = alert(place), photo(place), photo(place, colour="green")
    note(place, matter, one.pk, two.pk)
    see(place, one, "haiwei", thumb=True)
    assert not Look.objects.exists()

    see(place, one, "haiwei")
    see(place, two, "haiwei")
    see(place, one, "chief")

    looks = Look.objects.order_by("id").values_list("person__name", "subject", "columns", "task")
    assert list(looks) == [
        ("海尾社区警长", matter.pk, "photos", True),
        ("所长", matter.pk, "photos", False),
    ]


@pytest.mark.parametrize("case", ["absent", "another's", "another matter's"])
def test_a_photo_that_is_not_theirs_to_use_is_named_and_nothing_is_written(place: SmallStation, case: str):
    matter, good = alert(place), photo(place)
    bad = photo(place, "desk" if case == "another's" else "haiwei", colour="green").pk
    if case == "absent":
        bad = uuid4()
    if case == "another matter's":
        note(place, alert(place, "R-2"), bad, key="other")
    events = Event.objects.count()

    with pytest.raises(BadInput) as refused:
        note(place, matter, good.pk, bad)

    assert [error.field for error in refused.value.errors] == ["given.photos"]
    assert Event.objects.count() == events
    assert Photo.objects.get(pk=good.pk).subject is None


def test_a_photo_may_be_named_again_by_its_own_matter(place: SmallStation):
    matter, mine = alert(place), photo(place)
    note(place, matter, mine.pk)

    assert note(place, matter, mine.pk, who="desk", key="again").event.given["photos"] == [str(mine.pk)]


def test_a_matter_raised_from_another_may_name_its_photos(place: SmallStation):
    """They stay with the first; who sees only the second sees them too."""
    matter, mine = alert(place), photo(place)
    note(place, matter, mine.pk)
    given = {
        "reference": "R-2",
        "level": "high",
        "fraud_type": "虚假投资",
        "received_at": NOON,
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "东风路 1 号",
        "community": place.dongfeng.code,
    }
    by = place.actor("desk")
    child = raise_matter(kind_slug="fraud_alert", given=given, by=by, at=NOON, parent=matter).matter

    note(place, child, mine.pk, who="dongfeng", key="child")

    assert Photo.objects.get(pk=mine.pk).subject == matter.pk
    assert see(place, mine, "dongfeng")


def test_an_act_without_photos_asks_nothing_about_them(place: SmallStation):
    matter, mine = alert(place), photo(place)
    with CaptureQueriesContext(connection) as without:
        note(place, matter, key="without")
    with CaptureQueriesContext(connection) as with_one:
        note(place, matter, mine.pk, key="with")

    assert len(without) <= 8
    assert not any("evidence_photo" in query["sql"] for query in without)
    assert len(with_one) == len(without) + 2


def test_an_act_that_comes_too_late_keeps_its_photos_with_its_question(place: SmallStation):
    matter, mine = alert(place), photo(place)
    perform(
        matter_id=matter.pk,
        act="void",
        given={"reason": "重复录入"},
        by=place.actor("desk"),
        at=NOON,
        key="v",
    )
    carried = {
        "id": uuid4(),
        "observed_at": NOON,
        "acts": [
            {
                "key": "late",
                "matter": matter.pk,
                "act": "note",
                "given": {"note": "门口", "photos": [mine.pk]},
            }
        ],
    }

    handed = hand_in(carried=validate(Carried, carried), by=place.actor("haiwei"), at=NOON)

    assert handed.acts[0].result == "question"
    assert Photo.objects.get(pk=mine.pk).subject == matter.pk


def test_when_the_matters_words_end_its_photos_open_nowhere(place: SmallStation):
    """Not on a page, not by the key, not even from a copy of the row made before."""
    now = timezone.now()
    matter, mine = alert(place), photo(place)
    Photo.objects.filter(pk=mine.pk).update(lon=113.2, lat=22.8)
    note(place, matter, mine.pk)
    perform(matter_id=matter.pk, act="sign", given={}, by=place.actor("desk"), at=NOON, key="s")
    perform(
        matter_id=matter.pk,
        act="false_alarm",
        given={"reason": "来文更正"},
        by=place.actor("desk"),
        at=now,
        key="f",
    )
    copy = Photo.objects.get(pk=mine.pk)

    keep(station_id=place.station.pk, at=now + timedelta(days=29))
    assert see(place, mine, "chief")
    keep(station_id=place.station.pk, at=now + timedelta(days=30))

    say(station=place.station.pk)
    for thumb in (False, True):
        with pytest.raises(NotFound):
            see(place, mine, "chief", thumb=thumb)
    left = Photo.objects.get(pk=mine.pk)
    assert (bool(left.image), bool(left.thumb), left.lon, left.lat) == (False, False, None, None)
    assert left.sha256 == mine.sha256, "that there was one stays"
    with pytest.raises(Unreadable):
        Key.objects.get(pk=copy.vault_id).open_bytes(copy.image.sealed, column="image")
    events = list(Event.objects.filter(matter=matter))
    assert not any(of_events(events, matter).values())


class Part(Input):
    photos: list[UUID] = asks("照片", photos=True, default=[])


class Whole(Input):
    words: str = asks("说明", default="")
    front: list[UUID] = asks("照片", photos=True, min_length=1)
    signed: list[UUID] = asks("签名", signature=True, default=[])
    part: Part | None = asks("一处", default=None)
    parts: list[Part] = asks("几处", default=[])


def test_every_photo_an_answer_names_is_found_with_its_field():
    ids = [uuid4() for _ in range(5)]
    given = {
        "front": ids[:2],
        "signed": ids[2:3],
        "part": {"photos": ids[3:4]},
        "parts": [{}, {"photos": ids[4:]}],
    }

    found = photo_ids(Whole, validate(Whole, given).model_dump(), within="given.")

    assert [photo_id for _field, photo_id in found] == ids
    assert [field for field, _id in found][1:] == [
        "given.front",
        "given.signed",
        "given.part.photos",
        "given.parts.1.photos",
    ]
    assert json_schema(Whole)["properties"]["front"]["items"] == {"format": "uuid", "type": "string"}
    with pytest.raises(BadInput):
        validate(Whole, {"front": ids, "signed": ids[:2]})


class Sheeted(Input):
    answers: dict[str, Any] = asks("检查表", default={})


Sheeted.model_fields["answers"].json_schema_extra = {"x-sheet": True}


def test_a_checklists_photos_are_named_by_their_item():
    one = uuid4()
    answers = {"D01": {"value": "no", "photos": [str(one)]}, "D02": {"value": "yes"}, "D03": "odd"}

    assert photo_ids(Sheeted, {"answers": answers}) == [("answers.D01.photos", one)]
    with pytest.raises(BadInput) as refused:
        photo_ids(Sheeted, {"answers": {"D01": {"photos": ["no-id"]}}})
    assert refused.value.errors[0].field == "answers.D01.photos"
