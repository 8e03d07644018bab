"""Addresses as they stand on paper: whole, where the station says its own (FENGQIAO_ORIGINS)."""

from __future__ import annotations

from django.conf import settings


def on_paper(path: str) -> str:
    """The whole address; empty where the station has not said where it is reached."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}{path}" if origins else ""
