"""Components say in words what they show in colour, and problems say what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from fengqiao.kit.problems import BadInput, FieldError, Problem
from fengqiao.pages import views
from fengqiao.pages.gauges import clock_face, line_points, percent
from fengqiao.pages.middleware import SecurityHeaders
from fengqiao.pages.spans import moment, spell

pytestmark = pytest.mark.urls("fengqiao.pages.tests.addresses")
AT = datetime(2022, 5, 10, 2, 2, tzinfo=UTC)


def drawn(text: str, **values: object) -> str:
    return Template("{% load pages %}" + text).render(Context(values))


def every_problem(kind: type[Problem] = Problem) -> list[type[Problem]]:
    return [kind, *(found for below in kind.__subclasses__() for found in every_problem(below))]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 秒"),
        (timedelta(seconds=-61), "1 分 1 秒"),
        (timedelta(hours=2, seconds=5), "2 小时"),
        (timedelta(days=3, hours=4, minutes=5), "3 天 4 小时"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, words):
    assert spell(span) == words


def test_a_moment_of_today_needs_no_date():
    assert moment(AT, AT) == "10:02"
    assert moment(AT, AT + timedelta(days=1)) == "5-10 10:02"
    assert moment(AT, AT + timedelta(days=400)) == "2022-05-10 10:02"


@pytest.mark.parametrize(("minutes", "tone"), [(9, "calm"), (2, "warning"), (0, "burning"), (-1, "burning")])
def test_a_clock_turns_amber_in_its_last_fifth_and_red_when_due(minutes, tone):
    due = AT + timedelta(minutes=minutes)

    face = clock_face(due, at=AT, started=due - timedelta(minutes=10))

    assert face.tone == tone


def test_a_stopped_clock_says_whether_it_was_met():
    met = clock_face(AT, at=AT + timedelta(hours=9), stopped=AT)
    missed = clock_face(AT, at=AT + timedelta(hours=9), stopped=AT + timedelta(minutes=5))

    assert (met.tone, met.says) == ("met", "按时")
    assert (missed.tone, missed.says) == ("missed", "超 5 分")


def test_a_running_clock_carries_what_the_browser_needs_to_tick():
    chip = drawn("{% clock due at says='签收' %}", due=AT + timedelta(hours=2), at=AT)

    assert "data-clock" in chip
    assert "data-warn=" in chip
    assert "剩 2 小时" in chip


def test_words_given_to_a_component_are_text():
    page = drawn("{% card words %}{{ words }}{% endcard %}{% badge words %}", words="<b>&")

    assert "<b>&" not in page
    assert page.count("&lt;b&gt;&amp;") == 3


def test_figures_stay_inside_their_frame():
    assert [percent(5, 0), percent(-1, 10), percent(11, 10)] == [0.0, 0.0, 100.0]
    assert line_points([]) == ""
    assert line_points([3]) == "0.0,26.0"


@pytest.mark.parametrize("kind", every_problem())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_problem_has_a_page_that_says_what_to_do(kind, language):
    request = RequestFactory().get("/somewhere")

    with translation.override(language):
        response = views.problem_page(request, kind("", errors=(FieldError("phone", "<必填>"),)))

    page = response.content.decode()
    assert response.status_code == kind.status
    assert 'class="problem-next"' in page
    assert "&lt;必填&gt;" in page


def test_the_style_page_shows_every_component_without_inline_script_or_style():
    request = RequestFactory().get("/design")
    request.session = {}

    page = views.design(request).content.decode()

    assert page.count("data-clock") > 4
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page


def test_htmx_is_answered_with_a_fragment():
    request = RequestFactory().post("/somewhere", headers={"hx-request": "true"})

    page = views.problem_page(request, BadInput("金额有误")).content.decode()

    assert "金额有误" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404), (views.server_error, 500)],
)
def test_surprises_are_pages_too(view, status):
    assert view(RequestFactory().get("/x")).status_code == status


def test_every_answer_forbids_what_is_not_ours():
    answer = SecurityHeaders(lambda request: HttpResponse("ok"))(RequestFactory().get("/"))

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
