"""Staff and posts from a table: judged by the rules of the screens, and never twice."""

from __future__ import annotations

import pytest

from fengqiao.ground import importing
from fengqiao.ground.importing import Context, Report, Standing
from fengqiao.people.models import Person, Post
from tests.station import NOON, SmallStation, small_station

pytestmark = pytest.mark.django_db
HEAD = "登录名,显示名称,岗位,社区,责任警长,开始日期"


@pytest.fixture
def place() -> SmallStation:
    return small_station()


def context(place: SmallStation) -> Context:
    return Context(place.station, NOON, "people.csv", by_name="安全管理员")


def judged(place: SmallStation, *lines: str) -> Report:
    return importing.trial(what="people", data="\n".join([HEAD, *lines]).encode(), context=context(place))[1]


def test_a_row_makes_an_account_and_its_post_once(place: SmallStation):
    data = "\n".join([HEAD, "P100,海尾辅警丙,辅警,海尾,,2022/5/1", "P100,海尾辅警丙,辅警,东风,,"]).encode()

    for _again in range(2):
        run = importing.preview(what="people", data=data, context=context(place))
        done = importing.commit(run_id=run.pk, context=context(place))

    made = Person.objects.get(username="p100")
    assert sorted(made.posts.values_list("community__name", flat=True)) == [
        "东风社区居委会",
        "海尾社区居委会",
    ]
    assert (made.password, made.must_change_password) == ("", True)
    assert (done.ok, done.skipped) == (0, 2)


def test_a_trial_leaves_nothing_behind(place: SmallStation):
    before = (Person.objects.count(), Post.objects.count())

    found = judged(place, "P100,海尾辅警丙,辅警,海尾,,")

    assert found.verdicts[0].standing is Standing.OK
    assert (Person.objects.count(), Post.objects.count()) == before


WRONG = [
    ("P1,甲,辅警,,,", "须填社区"),
    ("P1,甲,辅警,天河,,", "没有社区"),
    ("P1,甲,所长,海尾,,", "属于全所"),
    ("P1,甲,局长,,,", "可选范围"),
    ("?,甲,所长,,,", "登录名"),
    ("P1,甲,社区警长,海尾,是,", "责任警长是"),
    ("P1,甲,辅警,海尾,是,", "须由社区警长"),
    ("P1,甲,所长,,,2022-13-40", "日期格式"),
    (",甲,所长,,,", "必填"),
]


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_wrong_row_says_why(place: SmallStation, line: str, says: str):
    found = judged(place, line)

    assert found.verdicts[0].standing is Standing.FAILED
    assert says in found.verdicts[0].reason({})


def test_administrators_exclude_each_other_within_one_file_too(place: SmallStation):
    found = judged(place, "P1,甲,系统管理员,,,", "P1,甲,审计管理员,,,", "P1,乙,系统管理员,,,")

    assert [verdict.standing for verdict in found.verdicts] == [Standing.OK, Standing.FAILED, Standing.FAILED]
    assert "已是“甲”的账号" in found.verdicts[2].reason({})


def test_the_name_of_another_stations_account_is_refused(place: SmallStation):
    other = small_station("乙所")
    taken = other.people["desk"].username
    from fengqiao.store.scope import say

    say(station=place.station.pk)

    assert "已被使用" in judged(place, f"{taken},甲,所长,,,").verdicts[0].reason({})
