"""How soon the phone app can be used: on its first load over a slow line, and from what the phone keeps.

`python -m benchmarks.start` prints the medians of seven starts each. The line is 400 kbit/s both ways with 400 ms for
a request's way there and back: "slow 3G" as Lighthouse and WebPageTest mean it. The preset of that name in Chromium's
tools has 2,000 ms a request: there the page alone takes 2 s, whatever it holds. The page's own thread runs at a
quarter of this machine's speed; ciphers, IndexedDB and the service worker run on threads of their own, at full speed.
Beside each start, in the same run, a bare page: one script of as many compressed bytes that draws one line.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import os
import random
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.house import house
from tests.phone_app.phone import Phone, phone, sign_in
from tests.phone_app.reading import PIN

RUNS, SLOWER = 7, 4
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
# A moment is told once what was looked for is drawn and the page's thread has time for a thumb.
WATCH = """(() => {
  const found = window.seen = {};
  const WANTED = {title: 'main h1, h1.bare', unknown: 'main.gate a.wide', pin: '#pin:not(:disabled)', list: '.lines a.line'};
  const drawn = name => requestAnimationFrame(() => setTimeout(() => (found[name] ??= performance.now())));
  const look = () => { for (const [name, where] of Object.entries(WANTED)) if (!(name in found) && document.querySelector(where)) { found[name] = undefined; drawn(name); } };
  new MutationObserver(look).observe(document, {childList: true, subtree: true});
})()"""
PAINT = (
    "performance.getEntriesByType('paint').find(one => one.name === 'first-contentful-paint')?.startTime ?? 0"
)
TYPED = """pin => {
  const box = document.querySelector('#pin');
  window.typed = performance.now();
  box.value = pin;
  box.dispatchEvent(new Event('input', {bubbles: true}));
}"""


@dataclass
class Start:
    """Milliseconds from the address to what is named; `listed` from the last digit of the PIN."""

    paint: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    listed: list[float] = field(default_factory=list)

    def told(self, name: str, beside: Start) -> str:
        paint, usable, bare = (statistics.median(one) for one in (self.paint, self.usable, beside.usable))
        least, barest = min(self.usable), min(beside.usable)
        return f"{name:<30}{paint:>8.0f}{usable:>8.0f}{bare:>8.0f}{usable / bare:>7.2f}{least:>10.0f}{barest:>7.0f}"


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.start")
    asked.add_argument("--runs", type=int, default=RUNS)
    runs = asked.parse_args().runs
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, house(port=8193) as built:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            measure(playwright, Path(folder), built.url, runs)
    print(f"load before and after: {before:.1f} {os.getloadavg()[0]:.1f}")


def measure(playwright: Any, folder: Path, url: str, runs: int) -> None:
    first, bare_first, known, cached, bare_cached = (Start() for _ in range(5))
    with phone(playwright, folder / "own", url) as own:
        sign_in(own)
        with bare_page(weight(own)) as bare_url:
            own.page.goto(bare_url)
            own.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            for number in range(runs):
                with phone(playwright, folder / f"new-{number}", url) as new:
                    start(new, f"{url}/field", first, "unknown")
                with phone(playwright, folder / f"bare-{number}", url) as new:
                    start(new, bare_url, bare_first, "title")
                start(own, f"{url}/field", known, "pin", emptied=True)
                start(own, f"{url}/field", cached, "pin")
                start(own, bare_url, bare_cached, "title")
    print(f"{f'ms, median of {runs}':<30} painted  usable    bare  ratio   fastest   bare")
    print(first.told("first load, how to enrol", bare_first))
    print(known.told("enrolled, caches empty, PIN", bare_first))
    print(cached.told("from the phone's copy, PIN", bare_cached))
    print(
        f"{'last digit to the list':<38}{statistics.median(cached.listed):>8.0f}{min(cached.listed):>25.0f}"
    )


def weight(own: Phone) -> int:
    """Compressed bytes of what is fetched before the first screen."""
    wanted = "script[src], link[rel=stylesheet], link[rel=modulepreload]"
    names = f"[...document.querySelectorAll('{wanted}')].map(one => one.src || one.href)"
    files = [own.context.request.get(name).body() for name in own.page.evaluate(names)]
    return sum(len(gzip.compress(each)) for each in files)


def start(found: Phone, url: str, kept: Start, what: str, *, emptied: bool = False) -> None:
    """One load in a page of its own; the service worker has gone to sleep before."""
    page = found.context.new_page()
    tools = found.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Page.enable")
    tools.send("ServiceWorker.enable")
    tools.send("ServiceWorker.stopAllWorkers")
    if emptied:
        tools.send("Network.clearBrowserCache")
        tools.send("Network.setBypassServiceWorker", {"bypass": True})
    tools.send("Network.emulateNetworkConditions", SLOW_3G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    tools.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    page.goto(url, wait_until="commit")
    kept.usable.append(seen(found, page, what))
    kept.paint.append(page.evaluate(PAINT))
    if what == "pin" and not emptied:
        page.evaluate(TYPED, PIN)
        kept.listed.append(seen(found, page, "list") - page.evaluate("typed"))
    page.close()


def seen(found: Phone, page: Any, what: str) -> float:
    found.until(f"window.seen?.{what} !== undefined", page)
    return float(page.evaluate(f"seen.{what}"))


@contextmanager
def bare_page(count: int) -> Iterator[str]:
    """The least a page of that weight can take: kept by a service worker too."""
    noise = base64.b64encode(random.Random(1).randbytes(count)).decode()
    files = {
        "/": ("text/html", '<!doctype html><title>bare</title><body><script src="/bare.js"></script>'),
        "/bare.js": (
            "text/javascript",
            f"document.body.innerHTML = '<h1 class=bare>bare</h1>'; navigator.serviceWorker.register('/sw.js');//{noise}",
        ),
        "/sw.js": (
            "text/javascript",
            "self.oninstall = event => event.waitUntil(caches.open('bare').then(kept => kept.addAll(['/', '/bare.js'])));"
            "self.onfetch = event => event.respondWith(caches.open('bare').then(kept => kept.match(event.request.url)).then(found => found ?? fetch(event.request)));",
        ),
    }

    class Bare(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            media, text = files.get(self.path, ("text/plain", ""))
            body = gzip.compress(text.encode())
            self.send_response(200 if text else 404)
            for name, value in {
                "Content-Type": media,
                "Content-Encoding": "gzip",
                "Content-Length": str(len(body)),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
