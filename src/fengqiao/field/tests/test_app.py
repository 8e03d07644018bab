"""The app as it is delivered: small, whole, and without a line the policy would have to allow."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from fengqiao.field.cards import cards

pytestmark = pytest.mark.django_db


def kept() -> list[str]:
    script = Client().get("/field/sw.js").content.decode()
    found: list[str] = json.loads(script[len("self.BUILT=") : script.index(";\n")])["files"]
    return found


def content_of(name: str) -> bytes:
    """As it is served."""
    if not name.startswith("/static/"):
        return Client().get(name).content
    return Path(str(finders.find(name.removeprefix("/static/")))).read_bytes()


def test_the_whole_app_fits_into_60_kb():
    parts = [content_of(name) for name in [*kept(), "/field/sw.js"]]

    assert sum(len(gzip.compress(part, 9)) for part in parts) < 60_000


def test_no_place_is_ever_watched():
    """One point at one tap (`getCurrentPosition`); no script here can follow anybody."""
    scripts = [
        Path(str(finders.find(name.removeprefix("/static/")))).read_text()
        for name in kept()
        if name.endswith(".js")
    ]
    app = "".join([*scripts, Client().get("/field/sw.js").content.decode()])

    assert "getCurrentPosition" in app
    assert "watchPosition" not in app
    assert "periodicSync" not in app


def test_the_worker_keeps_everything_the_page_names():
    page = Client().get("/field").content.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))

    assert named
    assert named <= set(kept())


def test_the_page_holds_no_inline_script_or_style_and_nothing_about_anybody():
    answer = Client().get("/field")
    page = answer.content.decode()

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page) == []
    assert answer.headers.get("Set-Cookie", "") == ""
    assert "fengqiao_csrf" in answer.cookies


def test_only_the_phones_page_may_ask_for_the_camera_and_a_point():
    phone, desk = (Client().get(path).headers["Permissions-Policy"] for path in ("/field", "/sign-in"))

    assert phone == "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
    assert desk == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def test_the_worker_may_keep_the_page_and_is_never_kept_itself():
    answer = Client().get("/field/sw.js")
    manifest = Client().get("/field/manifest.webmanifest").json()

    assert (answer.headers["Service-Worker-Allowed"], answer.headers["Cache-Control"]) == (
        "/field",
        "no-cache",
    )
    assert (manifest["start_url"], manifest["display"]) == ("/field", "standalone")


def test_every_card_says_first_when_to_stop_and_no_step_twice():
    assert len(cards()) == 11
    for card in cards():
        assert len(card.abort) > 10
        assert "法" in card.basis
        assert max(len(step.says) for step in card.steps) <= 36
        assert len({step.code for step in card.steps}) == len(card.steps) > 5


def test_the_apps_sentences_are_kept_in_english_too():
    told = Client().get("/field/words.json")

    assert "/field/words.json" in kept()
    assert told.json()["今天"] == "Today"
    assert all(english.strip() for english in told.json().values())
