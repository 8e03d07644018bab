"""Is the program alive, is it ready to serve, and (as an option) how is it doing."""

from __future__ import annotations

import os

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from fengqiao.server.right_time import skew
from fengqiao.store.heartbeat import SCANNER, STANDS_STILL_AFTER, seconds_since

_scanner = Gauge("fengqiao_clock_scanner_silence_seconds", "Seconds since the clock scanner's last round")


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, the clocks are being read, and our clock is right; 503 otherwise, saying which."""
    try:
        seconds, ahead = seconds_since(SCANNER), skew.look()
    except DatabaseError:
        return JsonResponse({"status": "unready", "database": False}, status=503)
    behind = seconds is None or seconds > STANDS_STILL_AFTER
    unready = behind or skew.wrong
    body = {
        "status": "unready" if unready else "ok",
        "database": True,
        "clock_scanner_seconds_ago": seconds,
        "clock_seconds_ahead": round(ahead.total_seconds(), 1),
    }
    return JsonResponse(body, status=503 if unready else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, when FENGQIAO_METRICS=1; counts only, nothing of a person."""
    if os.environ.get("FENGQIAO_METRICS") != "1":
        raise Http404
    _scanner.set_function(lambda: seconds_since(SCANNER) or float("nan"))
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


health_urls = [path("healthz", alive), path("readyz", ready), path("metrics", metrics)]
