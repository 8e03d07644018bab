"""What the laws of a kind's page say of papers that are issued, of what a party may do, and of asking twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fengqiao.kit.inputs import Input, asks
from fengqiao.matters.conformance import breaches
from fengqiao.matters.registry import Act, Doing, Kind, kind, kinds
from fengqiao.people.roles import Role


@pytest.fixture
def page() -> Kind:
    """Whichever kind lets parties act and serves papers."""
    return next(
        one for one in kinds() if one.party and one.party.acts and any(act.serves for act in one.acts)
    )


def with_act(page: Kind, name: str, **changes: object) -> Kind:
    changed: tuple[Act, ...] = tuple(
        replace(act, **changes) if act.name == name else act  # type: ignore[arg-type]
        for act in page.acts
    )
    return replace(page, acts=changed)


def test_an_act_issues_papers_with_a_number_only(page: Kind):
    issuing = next(act for act in page.acts if act.issues)
    unnumbered = tuple(replace(paper, mark="") for paper in page.papers)

    assert breaches(page) == []
    assert any("no paper with a number" in told for told in breaches(replace(page, papers=unnumbered)))
    assert any("no act issues" in told for told in breaches(with_act(page, issuing.name, issues=())))


def test_an_act_that_serves_asks_how_it_was_served(page: Kind):
    serving = next(act for act in page.acts if act.serves)

    assert any("asks a ServiceInput" in told for told in breaches(with_act(page, serving.name, serves=())))


def test_a_party_may_do_exactly_what_its_page_offers(page: Kind):
    assert page.party is not None
    offered = page.party.acts[0]
    other = next(act for act in page.acts if Role.PARTY not in act.by)

    assert any(offered in told for told in breaches(with_act(page, offered, by=(Role.DESK,))))
    assert any(
        other.name in told for told in breaches(with_act(page, other.name, by=(*other.by, Role.PARTY)))
    )
    assert any("has no page" in told for told in breaches(replace(page, party=None)))


def test_a_party_is_shown_plain_columns_only(page: Kind):
    assert page.party is not None
    sealed = replace(page.party, columns=(*page.party.columns, "target_phone"))

    assert any("target_phone" in told for told in breaches(replace(page, party=sealed)))
    assert kind(page.slug).party is page.party


class AskedAgain(Input):
    """What the intake of an alert was told already."""

    fraud_type: str = asks("诈骗类型")


class Shown(Input):
    fraud_type: str = asks("诈骗类型", known=True)


class AskedOfTheDesk(Input):
    """Nobody at a door would be asked for it, and yet it has to be there."""

    incoming: str = asks("来文编号", desk_only=True)


def ask_the_desk(doing: Doing[Any], given: AskedOfTheDesk) -> None:
    """Cannot be done on the phone."""


def ask_again(doing: Doing[Any], given: AskedAgain) -> None:
    """Asks it once more."""


def show(doing: Doing[Any], given: Shown) -> None:
    """Shows it, to be corrected."""


def test_no_act_asks_what_is_known_already():
    page = kind("fraud_alert")
    told = breaches(with_act(page, "go", does=ask_again))
    assert told == ["act go asks for fraud_type, which is known already"]
    assert breaches(with_act(page, "go", does=show)) == []


def test_what_only_the_desk_is_asked_can_be_left_out():
    told = breaches(with_act(kind("fraud_alert"), "go", does=ask_the_desk))

    assert told == ["AskedOfTheDesk needs incoming, which only the desk is asked"]


def test_photos_are_shown_of_plain_columns_that_are_there(page: Kind):
    assert page.party is not None
    absent = replace(page, party=replace(page.party, photos=("no_such",)), compares=("photos", "nor_this"))

    told = breaches(absent)

    assert any("shown the photos no_such" in one for one in told)
    assert any("shown of nor_this" in one for one in told)


def test_a_board_is_shown_to_parties_of_a_kind_that_has_one(page: Kind):
    assert page.party is not None
    shown = replace(page, board=None, party=replace(page.party, board=True))

    assert any("board" in told for told in breaches(shown))


def test_what_was_acted_is_verified_by_somebody_else():
    page = kind("fraud_alert")

    assert breaches(page) == []
    told = breaches(with_act(page, "confirm", verifies=False))
    assert told == ["act confirm verifies what was acted, and whoever acted may do it"]


def test_an_open_stage_where_nothing_races_says_why():
    page = kind("fraud_alert")
    quiet = tuple(replace(stage, unraced="") for stage in page.stages)
    loud = tuple(replace(stage, unraced="because") for stage in page.stages if stage.slug == "received")

    assert {told for told in breaches(replace(page, stages=quiet)) if "no clock" in told} == {
        f"in stage {slug} no clock may be running, and it does not say why"
        for slug in ("persuading", "refused", "handed_off", "confirmed")
    }
    assert breaches(replace(page, stages=(*loud, *page.stages[1:]))) == [
        "stage received says why no clock runs, and one always does"
    ]
    without = tuple(clock for clock in page.clocks if clock.name != "door_after_call")
    assert "in stage calling no clock may be running, and it does not say why" in breaches(
        replace(page, clocks=without)
    )
