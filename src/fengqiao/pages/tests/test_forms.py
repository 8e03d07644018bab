"""A declaration becomes a form, is posted, and is read back the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from fengqiao.kit.inputs import Choice, Input, asks, validate
from fengqiao.kit.problems import BadInput, FieldError
from fengqiao.pages.forms import BoundForm


class Outcome(Choice):
    AWARE = "aware", "自主防范"
    IN_TIME = "in_time", "及时劝阻"


class District(Choice):
    A = "a", "甲"
    B = "b", "乙"
    C = "c", "丙"
    D = "d", "丁"
    E = "e", "戊"
    F = "f", "己"


class Asked(Input):
    outcome: Outcome = asks("结果")
    place: District | None = asks("片区", default=None)
    told: list[Outcome] = asks("已告知", default=[])
    paid: bool = asks("是否已转账")
    knew: bool | None = asks("是否知情", default=None)
    count: int | None = asks("次数", default=None, ge=0)
    saved: Decimal | None = asks("挽回金额", default=None, hint="没有则不填")
    day: date | None = asks("日期", default=None)
    met_at: datetime | None = asks("见面时间", default=None)
    officer: UUID | None = asks("同行人员", default=None, source="people")
    talk: str = asks("经过", default="", long=True, max_length=500)


ENOUGH = "outcome=aware&paid=false"


def posted(text: str = ENOUGH, **more: object) -> QueryDict:
    data = QueryDict(text, mutable=True)
    for name, value in more.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def read(data: QueryDict) -> Asked:
    return validate(Asked, BoundForm(Asked, data=data).given())


def field(form: BoundForm, name: str):
    return next(field for field in form if field.question.name == name)


def test_each_question_finds_its_markup():
    form = BoundForm(Asked, sources={"people": [("1", "值班室")]})

    shapes = {field.name: field.shape for field in form}

    assert shapes == {
        "outcome": "radios",
        "place": "select",
        "told": "checks",
        "paid": "radios",
        "knew": "radios",
        "count": "input",
        "saved": "input",
        "day": "input",
        "met_at": "input",
        "officer": "select",
        "talk": "long",
    }


def test_what_was_left_empty_is_left_out():
    data = posted(count="", saved="  ", met_at="", talk="", knew="", officer="")

    assert BoundForm(Asked, data=data).given() == {"outcome": "aware", "paid": "false"}
    assert read(data).knew is None


def test_a_missing_required_answer_is_named_beside_its_field():
    with pytest.raises(BadInput) as refused:
        read(posted("outcome=&paid="))

    form = BoundForm(Asked, data=posted("outcome=&paid="), errors=refused.value.errors)

    assert [f.says for f in form.wrong_fields] == ["结果", "是否已转账"]
    assert field(form, "outcome").error == "必填"


def test_a_local_time_is_read_as_the_stations_time():
    read_back = read(posted(met_at="2022-05-10T10:02"))

    assert read_back.met_at == datetime(2022, 5, 10, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize("text", ["昨天", "2022-13-45T99:99", "0001-01-01T00:00:00+99:00", "9" * 400])
def test_what_is_no_time_is_refused_not_a_crash(text):
    with pytest.raises(BadInput):
        read(posted(met_at=text))


def test_full_width_figures_and_money_signs_are_understood():
    read_back = read(posted(count="12", saved="¥30,000.50元", day="2022-05-10"))

    assert (read_back.count, read_back.saved) == (12, Decimal("30000.50"))
    assert read_back.day == date(2022, 5, 10)


def test_several_choices_come_back_as_a_list():
    assert read(posted(told=["aware", "in_time"])).told == [Outcome.AWARE, Outcome.IN_TIME]


def test_names_never_asked_for_are_passed_over():
    given = BoundForm(Asked, data=posted(csrfmiddlewaretoken="x", station="other", __proto__="y")).given()

    assert set(given) == {"outcome", "paid"}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\" onfocus='x'", "</textarea><b>", "{{ 7|add:1 }}", "邓乜水滘𠮷"]
)
def test_hostile_and_rare_text_is_shown_as_text_and_kept(text):
    form = BoundForm(Asked, data=posted(talk=text))

    page = render_to_string("pages/fields.html", {"form": form})

    assert read(posted(talk=text)).talk == text
    assert "<script>" not in page
    assert "</textarea><b>" not in page


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_no_database_can_hold_is_refused(text):
    with pytest.raises(BadInput):
        read(posted(talk=text))


def test_a_value_goes_to_the_form_and_back_unchanged():
    officer = uuid4()
    first = read(
        posted(
            place="f",
            told=["in_time"],
            saved="12.30",
            met_at="2022-05-10T10:02",
            officer=str(officer),
            talk="经过",
        )
    )
    shown = BoundForm(Asked, initial=first.model_dump(), sources={"people": [(str(officer), "警长")]})
    again = QueryDict(mutable=True)
    for each in shown:
        again.setlist(each.name, [value for value in each.values if value])

    assert read(again) == first


def test_errors_inside_a_list_or_under_a_prefix_find_their_field():
    errors = (
        FieldError("told.0", "不在可选范围内"),
        FieldError("payload.count", "应为整数"),
        FieldError("", "已过期"),
    )

    form = BoundForm(Asked, errors=errors)

    assert field(form, "told").error == "不在可选范围内"
    assert field(form, "count").error == "应为整数"
    assert form.other_errors == ["已过期"]


def test_two_forms_on_a_page_do_not_mix():
    data = posted("a-outcome=aware&b-outcome=in_time&a-paid=true")

    assert BoundForm(Asked, data=data, prefix="a").given() == {"outcome": "aware", "paid": "true"}
    assert BoundForm(Asked, data=data, prefix="b").given() == {"outcome": "in_time"}


def test_hint_and_error_are_tied_to_their_field():
    form = BoundForm(Asked, errors=(FieldError("saved", "应为金额数字"),), hidden={"key": "k1"})

    page = render_to_string("pages/fields.html", {"form": form})

    assert 'aria-describedby="f-saved-error f-saved-hint"' in page
    assert 'id="f-saved-error"' in page
    assert 'href="#f-saved"' in page
    assert '<input type="hidden" name="key" value="k1">' in page


class Whom(Input):
    name: str = asks("姓名", max_length=20)
    phone: str = asks("电话", pattern=r"^[0-9]+$")


class AskedOfSomebody(Input):
    whom: Whom = asks("事主", personal=True)
    note: str = asks("备注", default="")


def test_an_input_inside_an_input_is_posted_by_dotted_names_and_read_back_whole():
    data = QueryDict("whom.name=甲&whom.phone=139")

    found = validate(AskedOfSomebody, BoundForm(AskedOfSomebody, data=data).given())

    assert found == AskedOfSomebody(whom=Whom(name="甲", phone="139"))


def test_what_is_wrong_inside_stands_beside_its_own_field():
    data = QueryDict("whom.name=甲&whom.phone=abc")

    with pytest.raises(BadInput) as wrong:
        validate(AskedOfSomebody, BoundForm(AskedOfSomebody, data=data).given(), prefix="given")
    form = BoundForm(AskedOfSomebody, data=data, errors=wrong.value.errors)

    assert [(field.name, field.error) for field in form.wrong_fields] == [("whom.phone", "格式不对")]
    assert form.other_errors == []
