"""Server-sent events of what changed."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from fengqiao.api.root import REFUSALS
from fengqiao.matters.teller import stream
from fengqiao.people.doors import actor
from fengqiao.people.models import Person

router = Router(tags=["live"])


@router.get(
    "/events/stream",
    response={200: None, **REFUSALS},
    summary="text/event-stream of what changed, for whoever may see it",
)
def get_stream(request: HttpRequest) -> StreamingHttpResponse:
    return streaming(request)


def streaming(request: HttpRequest) -> StreamingHttpResponse:
    caller = actor(request)
    person = request.user
    assert isinstance(person, Person)
    response = StreamingHttpResponse(stream(caller, person.rights_version), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response
