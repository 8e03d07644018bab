"""Is the program alive, is it ready to serve, and (as an option) how is it doing."""

from __future__ import annotations

import os

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from fengqiao.store.heartbeat import SCANNER, STANDS_STILL_AFTER, seconds_since

_scanner = Gauge("fengqiao_clock_scanner_silence_seconds", "Seconds since the clock scanner's last round")


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and the clocks are being read; 503 otherwise, saying which."""
    try:
        seconds = seconds_since(SCANNER)
    except DatabaseError:
        return JsonResponse({"status": "unready", "database": False}, status=503)
    behind = seconds is None or seconds > STANDS_STILL_AFTER
    body = {"status": "unready" if behind else "ok", "database": True, "clock_scanner_seconds_ago": seconds}
    return JsonResponse(body, status=503 if behind else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, when FENGQIAO_METRICS=1; counts only, nothing of a person."""
    if os.environ.get("FENGQIAO_METRICS") != "1":
        raise Http404
    _scanner.set_function(lambda: seconds_since(SCANNER) or float("nan"))
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


health_urls = [path("healthz", alive), path("readyz", ready), path("metrics", metrics)]
