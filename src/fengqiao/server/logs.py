"""Logs: one JSON object a line to stderr, with event names and ids, never words about a person."""

from __future__ import annotations

import logging
import sys

import structlog

from fengqiao.people.asking import request_id


def set_up_logs() -> None:
    """Route the standard library's loggers through structlog's JSON renderer."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_requests,
            _with_request_id,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    # Django's own line for a 4xx carries the path with its query, which is the user's typing.
    logging.getLogger("django.request").setLevel(logging.ERROR)


def _with_request_id(
    logger: structlog.types.WrappedLogger, name: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Which request caused the line, by the id its answer told."""
    if own := request_id():
        event["request_id"] = own
    return event


def _without_requests(
    logger: structlog.types.WrappedLogger, name: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """A request object prints its path and query: keep the status, drop the rest."""
    event.pop("request", None)
    return event
