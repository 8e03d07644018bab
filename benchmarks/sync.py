"""A phone comes home: queued visits with photos go out by the same calls, in the same order, as the app makes them.

`python -m benchmarks.sync` sends 500 visits with three photos of 150 KB each; `--visits 50` is a short look.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import io
import json
import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from benchmarks.house import House, house
from fengqiao.kit.ids import uuid7

VISITS, PHOTOS, BYTES, FIRST = 500, 3, 150_000, 50
LINES = 3  # photos on their way at once, as in web/js/field/photo_lines.js
# What a phone's browser adds to every request.
HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "zh-CN",
    "User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
}
COMMUNITY = "440606006016"
BOUNDARY = "fengqiao-benchmark-0123456789"


class Line:
    """One connection that stays, and what went over it."""

    def __init__(self, url: str, token: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._headers = HEADERS | {"Authorization": f"Bearer {token}"}

    def call(
        self, method: str, path: str, body: bytes | None = None, media: str = "application/json"
    ) -> tuple[Any, int, int]:
        """The answer, and the bytes of request and answer: their contents, and all that stands around these."""
        headers = self._headers | ({"Content-Type": media} if body else {})
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
        plain = gzip.decompress(text) if answer.getheader("Content-Encoding") == "gzip" else text
        named = sum(len(f"{name}: {value}\r\n") for name, value in (*headers.items(), *answer.getheaders()))
        return json.loads(plain), len(body or b"") + len(text), named + len(f"{method} {path}") + 40


@dataclass
class Spent:
    """`overhead`: of a visit without its photos, what went over the line beyond what was answered: ids, times and
    receipt, and the headers of HTTP."""

    seconds: float = 0
    in_photos: float = 0
    first_seen: float = 0
    overhead: list[tuple[int, int]] = field(default_factory=list)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    asked.add_argument("--visits", type=int, default=VISITS)
    given = asked.parse_args()
    with house(port=8192) as built:
        matters = take_in(built, given.visits)
        before = os.getloadavg()[0]
        spent = sync(built, matters)
    print(
        f"{len(matters)} visits with {PHOTOS} photos of {BYTES // 1000} KB: {spent.seconds:.1f} s (goal 60)"
    )
    print(f"  of it waiting for photos    {spent.in_photos:8.1f} s")
    print(f"first {min(FIRST, len(matters))} visible at the desk    {spent.first_seen:8.1f} s (goal 5)")
    beyond, headers = (sum(each) / len(each) for each in zip(*spent.overhead, strict=True))
    print(f"bytes a visit beyond content  {beyond:8.0f}   (goal 1024), and {headers:.0f} of headers")
    print(f"load before and after         {before:8.1f} {os.getloadavg()[0]:.1f}")


def take_in(built: House, count: int) -> list[str]:
    line, made = Line(built.url, built.token("desk")), []
    for number in range(count):
        content = {
            "reference": f"SYNC-{number}",
            "level": "low",
            "fraud_type": "冒充客服",
            "received_at": datetime.now(UTC).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "容桂街道某路 12 号",
            "community": COMMUNITY,
        }
        told, *_bytes = line.call("POST", "/api/v1/fraud-alerts", json.dumps(content).encode())
        made.append(str(told["id"]))
    return made


def sync(built: House, matters: list[str]) -> Spent:
    """One visit after the other; the photos of each before it, those of the next behind these."""
    token, desk = built.token("officer-016"), Line(built.url, built.token("desk"))
    line, spent = Line(built.url, token), Spent()
    queued, photos = [[str(uuid7()) for _ in range(PHOTOS)] for _ in matters], PhotoLines(built.url, token)
    began = time.monotonic()
    watcher = threading.Thread(target=_watch, args=(desk, matters[:FIRST], began, spent))
    watcher.start()
    line.call("GET", "/api/v1/field/slice")
    with photos:
        for number, matter in enumerate(matters):
            ahead = [one for later in queued[number + 1 :][:LINES] for one in later][:LINES]
            answers = [photos.send(one) for one in (*queued[number], *ahead)]
            at = time.monotonic()
            for answer in answers[:PHOTOS]:
                answer.result()
            spent.in_photos += time.monotonic() - at
            spent.overhead.append(_send_visit(line, matter, queued[number]))
    line.call("GET", "/api/v1/field/slice")
    spent.seconds = time.monotonic() - began
    watcher.join()
    return spent


class PhotoLines:
    """Each photo goes once, in the order asked for; who asks for it again gets the same answer."""

    def __init__(self, url: str, token: str) -> None:
        self._mine = threading.local()
        self._pool = ThreadPoolExecutor(LINES, initializer=self._connect, initargs=(url, token))
        self._answers: dict[str, Future[None]] = {}
        self._picture = photo()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def send(self, photo_id: str) -> Future[None]:
        if photo_id not in self._answers:
            self._answers[photo_id] = self._pool.submit(self._send, photo_id)
        return self._answers[photo_id]

    def _connect(self, url: str, token: str) -> None:
        self._mine.line = Line(url, token)

    def _send(self, photo_id: str) -> None:
        _send_photo(self._mine.line, photo_id, self._picture)


def _watch(desk: Line, matters: list[str], began: float, spent: Spent) -> None:
    """The desk looks at the last of the first ones until it has moved."""
    while desk.call("GET", f"/api/v1/matters/{matters[-1]}")[0]["version"] < 2:
        time.sleep(0.1)
    spent.first_seen = time.monotonic() - began


def _send_photo(line: Line, photo_id: str, picture: bytes) -> None:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{photo_id}\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{photo_id}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()
    line.call("POST", "/api/v1/photos", body, f"multipart/form-data; boundary={BOUNDARY}")


def _send_visit(line: Line, matter: str, photos: list[str]) -> tuple[int, int]:
    """Gives the bytes beyond what was answered."""
    given = {"note": "楼道堆放纸箱，已请房东当天清走；二楼感烟探测器缺电池，已告知", "photos": photos}
    act = {"key": str(uuid7()), "matter": matter, "act": "note", "given": given, "base": 1}
    visit = {
        "id": str(uuid7()),
        "place": None,
        "observed_at": datetime.now(UTC).isoformat(),
        "with": [],
        "acts": [act],
    }
    told, bodies, headers = line.call(
        "POST", "/api/v1/visits", json.dumps(visit, ensure_ascii=False).encode()
    )
    if told["acts"][0]["result"] != "done":
        raise SystemExit(f"not done: {told}")
    return bodies - len(json.dumps(given, ensure_ascii=False).encode()), headers


def photo() -> bytes:
    """As the app hands it over: 1600 pixels long, shrunk until it weighs what was asked."""
    from PIL import Image, ImageFilter

    drawn = Image.effect_noise((1600, 1200), 60).filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    for quality in range(92, 20, -4):
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality)
        if out.tell() <= BYTES:
            return out.getvalue()
    raise SystemExit("no such picture")


if __name__ == "__main__":
    main()
