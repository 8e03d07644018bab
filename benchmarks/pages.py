"""What the first page weighs and how long the server takes for it, beside an empty answer of the same server."""

from __future__ import annotations

import gzip
import http.cookiejar
import re
import statistics
import time
import urllib.parse
import urllib.request
from pathlib import Path

from benchmarks.house import house

DIST = Path(__file__).resolve().parent.parent / "src" / "fengqiao" / "pages" / "static" / "fengqiao" / "dist"


def main() -> None:
    with house(port=8191) as built:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        sign_in(browser, built.url)
        empty, board = timed(browser, f"{built.url}/healthz"), timed(browser, f"{built.url}/")
        page = browser.open(f"{built.url}/").read()
    assets = {path.name: len(gzip.compress(path.read_bytes())) for path in DIST.glob("*") if path.is_file()}
    htmx = gzip.compress(_htmx().read_bytes())
    weight = len(gzip.compress(page)) + sum(assets.values()) + len(htmx)
    print(f"board, first view, compressed: {weight / 1024:.1f} KB (goal 150)")
    print(f"board {board * 1000:.1f} ms   empty answer {empty * 1000:.1f} ms   ratio {board / empty:.1f}")


def sign_in(browser: urllib.request.OpenerDirector, url: str) -> None:
    form = browser.open(f"{url}/sign-in").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    given = {"csrfmiddlewaretoken": token[1], "username": "desk", "password": "fengqiao-demo"}
    browser.open(f"{url}/sign-in", urllib.parse.urlencode(given).encode())


def timed(browser: urllib.request.OpenerDirector, url: str) -> float:
    """Median seconds of 40 requests."""
    took = []
    for _ in range(40):
        began = time.monotonic()
        browser.open(url).read()
        took.append(time.monotonic() - began)
    return statistics.median(took)


def _htmx() -> Path:
    import django_htmx

    return next(Path(django_htmx.__file__).parent.rglob("htmx-2.min.js"), None) or next(
        Path(django_htmx.__file__).parent.rglob("htmx*.min.js")
    )


if __name__ == "__main__":
    main()
