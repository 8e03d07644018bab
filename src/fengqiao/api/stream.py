"""Server-sent events of what changed."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from fengqiao.api.root import REFUSALS, ProblemBody
from fengqiao.matters.teller import streaming
from fengqiao.people.doors import actor, person

router = Router(tags=["live"])


@router.get(
    "/events/stream",
    response={200: None, 429: ProblemBody, **REFUSALS},
    summary="text/event-stream of what changed, for whoever may see it",
)
def get_stream(request: HttpRequest) -> StreamingHttpResponse:
    return streaming(actor(request), person(request).rights_version)
