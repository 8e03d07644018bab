"""The second factor shown again within a session, where a door asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput, Problem, TooMany
from fengqiao.people import signing_in
from fengqiao.people.devices import address_of, known_device
from fengqiao.people.doors import person
from fengqiao.people.second_factor import is_asked
from fengqiao.people.throttle import Trial

STEPPED_UP = "stepped_up"


def step_up(request: HttpRequest, *, at: datetime) -> Problem | None:
    """Take the digits that came with a form, if any; gives the refusal to show, whose count must be kept."""
    code, own = request.POST.get("code", "").strip()[:20], person(request)
    if not code:
        return None
    if not is_asked(own):
        return BadInput.at("code", _("您没有启用两步验证，请先在“我的账号”里启用"))
    device = known_device(request, own.username or "")
    trial = Trial.of(username=own.username or "", address=address_of(request), device=device)
    try:
        signing_in.check_code(own, code=code, trial=trial, at=at)
    except (BadInput, TooMany) as refused:
        return refused
    request.session[STEPPED_UP] = at.timestamp()
    return None


def stepped_up_at(request: HttpRequest) -> datetime | None:
    """When this session last showed the second factor again."""
    when = request.session.get(STEPPED_UP)
    return None if when is None else datetime.fromtimestamp(when, tz=UTC)
