"""From a write to 100 open boards, beside raw LISTEN/NOTIFY in the same run.

A board is a stream of server-sent events, as a browser holds one. What is timed is from before the act is
sent to the moment its line has arrived, so the act itself is in it; the raw side times NOTIFY, the commit
and the arrival at a plain connection. The teller asks for the tail a few times a second on purpose, so
that no writer pays for a notification: this figure is what that costs a reader.
"""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg

from benchmarks.house import House, house

BOARDS = 100
# The embedded server takes 100 connections in all: half as many listeners as boards.
LISTENERS = 50
WRITES = 40
BETWEEN = 0.15


def main() -> None:
    with house() as built:
        token = built.token("desk")
        ours = boards(built, token)
        raw = listeners(built.app_url)
    told("write to 100 boards      ", ours)
    told("NOTIFY to 50 listeners   ", raw)
    print(f"ratio of the p95s         {_cut(ours, 95) / _cut(raw, 95):8.1f}")


def told(says: str, took: list[float]) -> None:
    p50, p95, most = (1000 * value for value in (_cut(took, 50), _cut(took, 95), max(took)))
    print(f"{says} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  max {most:6.1f} ms  ({len(took)} arrivals)")


def _cut(took: list[float], percent: int) -> float:
    return statistics.quantiles(took, n=100)[percent - 1]


def boards(built: House, token: str) -> list[float]:
    seen: dict[str, list[float]] = defaultdict(list)
    ready, stop = threading.Semaphore(0), threading.Event()
    threads = [
        threading.Thread(target=_watch, args=(built.url, token, seen, ready, stop), daemon=True)
        for _ in range(BOARDS)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        ready.acquire()
    sent: dict[str, float] = {}
    for _ in range(WRITES):
        began = time.monotonic()
        sent[_raise(built.url, token)] = began
        time.sleep(BETWEEN)
    time.sleep(1.0)
    stop.set()
    arrived = [at - began for matter, began in sent.items() for at in seen[matter]]
    if len(arrived) != WRITES * BOARDS:
        raise SystemExit(f"{len(arrived)} arrivals, not {WRITES * BOARDS}")
    return arrived


def _watch(
    url: str,
    token: str,
    seen: dict[str, list[float]],
    ready: threading.Semaphore,
    stop: threading.Event,
) -> None:
    line = http.client.HTTPConnection(urlsplit(url).netloc)
    line.request("GET", "/api/v1/events/stream", headers={"Authorization": f"Bearer {token}"})
    answer = line.getresponse()
    while not stop.is_set():
        text = answer.readline()
        if text.startswith(b"event: ready"):
            ready.release()
        elif text.startswith(b"data: {") and b'"raise"' in text:
            seen[json.loads(text[6:])["id"]].append(time.monotonic())


def _raise(url: str, token: str) -> str:
    line = http.client.HTTPConnection(urlsplit(url).netloc)
    content = {
        "reference": str(uuid.uuid4()),
        "level": "high",
        "fraud_type": "冒充客服",
        "received_at": datetime.now(UTC).isoformat(),
        "target": {"name": "事主甲", "phone": "13900000001"},
        "address": "海尾社区海尾大道 12 号",
        "community": "440606006016",
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    line.request("POST", "/api/v1/fraud-alerts", json.dumps(content), headers)
    answer = line.getresponse()
    return str(json.loads(answer.read())["id"])


def listeners(url: str) -> list[float]:
    """One process, a thread and a connection each: the least a listening board could cost."""
    arrived: list[tuple[str, float]] = []
    ready, threads = threading.Semaphore(0), []
    for _ in range(LISTENERS):
        threads.append(threading.Thread(target=_listen, args=(url, arrived, ready), daemon=True))
        threads[-1].start()
    for _ in threads:
        ready.acquire()
    sent: dict[str, float] = {}
    with psycopg.connect(url, autocommit=True) as writer:
        for number in range(WRITES):
            sent[str(number)] = time.monotonic()
            writer.execute("SELECT pg_notify('bench', %s)", [str(number)])
            time.sleep(BETWEEN)
    time.sleep(1.0)
    return [at - sent[number] for number, at in arrived]


def _listen(url: str, arrived: list[tuple[str, float]], ready: threading.Semaphore) -> None:
    with psycopg.connect(url, autocommit=True) as held:
        held.execute("LISTEN bench")
        ready.release()
        for note in held.notifies(timeout=WRITES * BETWEEN + 5):
            arrived.append((note.payload, time.monotonic()))


if __name__ == "__main__":
    main()
