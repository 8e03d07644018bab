"""Intake → placed → assigned → clock running, through the API, beside pgbench sending the same statements.

Both in one run on one server with fsync on, 16 clients. pgbench has neither HTTP nor Python nor
encryption to do: the ratio is what the product's promises cost. On a machine with other work the ratio says
little: one web process gets one share of it and pgbench's seventeen processes seventeen. The CPU beside it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.house import House, house

CLIENTS = 16
SECONDS = 10

# What a request sends, statement for statement: whose token it is, the posts, the lock, the key, what the gazetteer
# asks, who is responsible, and the rows of a matter in one statement. Ids are made by the server here.
SCRIPT = r"""
\set n random(1, 1000000000)
\set r random(1, 1000000000)
BEGIN;
SELECT set_config('app.token', :digest, true), set_config('app.station', '', true), set_config('app.person', '', true), set_config('app.sign_in', '', true);
SELECT person_id, rights_version, set_config('app.station', station_id::text, true) FROM people_apitoken WHERE digest = :digest AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) \gset
SELECT * FROM people_person WHERE id = :person_id AND is_active AND rights_version = :rights_version;
SELECT role, community_id, NULL::uuid FROM people_post WHERE person_id = :person_id AND voided_at IS NULL AND starts_on <= current_date AND (ends_on IS NULL OR ends_on >= current_date) UNION ALL SELECT '', NULL, subject FROM people_opening WHERE person_id = :person_id AND at <= now() AND until > now();
SELECT pg_advisory_xact_lock(hashtextextended('k' || :n || ':' || :client_id, 1));
SELECT id, digest FROM matters_event WHERE key = 'k' || :n || ':' || :r || ':' || :client_id;
SELECT (SELECT max(updated_at) FROM ground_division), (SELECT max(updated_at) FROM ground_premises WHERE station_id = 1), count(*), max(updated_at) FROM ground_community WHERE station_id = 1;
SELECT p.id, p.name FROM people_post o JOIN people_person p ON p.id = o.person_id WHERE o.community_id = 16 AND o.role = 'officer' AND p.is_active AND o.voided_at IS NULL AND o.starts_on <= current_date AND (o.ends_on IS NULL OR o.ends_on >= current_date) ORDER BY o.lead DESC, o.starts_on, o.id LIMIT 1;
WITH r0 AS (INSERT INTO store_key (id, station_id, wrapped) VALUES (md5(:n || '.' || :r)::uuid, 1, decode(repeat('ab', 60), 'hex'))), r1 AS (INSERT INTO matters_matter (id, station_id, kind, state, stage, outcome, level, title, community_id, candidates, placed_why, vault_id, reference, raised_at, raised_day, burns_at, escalation, version, resumes, resumes_outcome) VALUES (md5(:n || '.' || :r)::uuid, 1, 'fraud_alert', 'raised', 'received', '', 'high', 'bench', 16, '{}', '', md5(:n || '.' || :r)::uuid, 'b' || :n, now(), now()::date, now(), 0, 1, '', '') RETURNING serial), r2 AS (INSERT INTO fraud_alert_fraudalert (matter_id, station_id, fraud_type, target_name, target_phone, address, calls, visits, met_visits, wrong_address, leads, search_round, found_in_search, identity_checked, handoff_reference, transferred_to, receipt, result, rating) VALUES (md5(:n || '.' || :r)::uuid, 1, 'bench', decode(repeat('ab', 34), 'hex'), decode(repeat('ab', 39), 'hex'), decode(repeat('ab', 64), 'hex'), 0, 0, 0, false, '[]', 0, false, false, '', '', '', '', '')), r3 AS (INSERT INTO matters_event (station_id, matter_id, act, role, observed_at, key, digest, standing, reason, stage_from, stage_to, version, given) VALUES (1, md5(:n || '.' || :r)::uuid, 'raise', 'desk', now(), 'k' || :n || ':' || :r || ':' || :client_id, repeat('a', 64), 'done', '', '', 'received', 1, '{"level": "high"}') RETURNING id, recorded_at, tx), r4 AS (INSERT INTO matters_clock (station_id, matter_id, name, span, why, certain, starts_at, due_at, next_at, rung, stopped_by) VALUES (1, md5(:n || '.' || :r)::uuid, 'sign', '5min', 'bench', true, now(), now() + interval '5 min', now() + interval '150 s', 0, '') RETURNING id) SELECT r1.serial, r3.id, r3.recorded_at, r3.tx, r4.id FROM r1, r3, r4;
COMMIT;
"""


def main() -> None:
    with house() as built:
        token = built.token("desk")
        # Long enough for every connection to have prepared what is asked of it.
        drive(built, token, seconds=6, clients=CLIENTS)
        ours = drive(built, token, seconds=SECONDS, clients=CLIENTS)
        # Before pgbench: the thousands of rows it leaves are sealed by the worker while the next one runs.
        half = drive(built, token, seconds=SECONDS, clients=CLIENTS, rate=ours["per_second"] / 2)
        before = built.spent()["database"]
        raw = pgbench(built, token)
        raw_cpu = (built.spent()["database"] - before) / ((raw or 1) * SECONDS) * 1000
    said("intake through the API", ours)
    said("  at half that load", half)
    print(f"load of the machine      {os.getloadavg()[0]:8.1f}")
    if raw is None:
        print("pgbench is not installed: no ratio")
        return
    print(f"pgbench, same statements {raw:8.0f} a second   CPU of the database {raw_cpu:.2f} ms")
    print(f"ratio                    {ours['per_second'] / raw:8.2f}")


def said(what: str, found: dict[str, float]) -> None:
    """CPU is per request, of the web process, the database and these clients."""
    print(
        f"{what:24} {found['per_second']:8.0f} a second   p50 {found['p50']:5.1f} ms  p99 {found['p99']:5.1f} ms"
        f"   CPU {found['web']:.2f} + {found['database']:.2f} ms, clients {found['clients']:.2f} ms"
    )


def drive(built: House, token: str, *, seconds: float, clients: int, rate: float = 0) -> dict[str, float]:
    """Closed loop of `clients`, or (with `rate`) paced to so many a second together."""
    took: list[float] = []
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(built.url, token, end, took, clients / rate if rate else 0))
        for _ in range(clients)
    ]
    before = built.spent() | {"clients": time.process_time()}
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = built.spent() | {"clients": time.process_time()}
    cuts = statistics.quantiles(took, n=100)
    cpu = {part: (after[part] - before[part]) / len(took) * 1000 for part in after}
    return {"per_second": len(took) / seconds, "p50": cuts[49] * 1000, "p99": cuts[98] * 1000, **cpu}


def _client(url: str, token: str, end: float, took: list[float], pause: float) -> None:
    """A bare socket: a client that costs as much as the server would be measured with it."""
    host, port = urlsplit(url).netloc.split(":")
    line = socket.create_connection((host, int(port)))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = (
        f"POST /api/v1/fraud-alerts HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    # Paced clients do not all begin at once: a burst of sixteen is another load than so many a second.
    due = time.monotonic() + random.uniform(0, pause)
    time.sleep(max(0.0, due - time.monotonic()))
    while time.monotonic() < end:
        body = _alert().encode()
        began = time.monotonic()
        line.sendall(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        status = _status(line)
        if status != 201:
            raise SystemExit(f"intake answered {status}")
        took.append(time.monotonic() - began)
        due += pause
        time.sleep(max(0.0, due - time.monotonic()) if pause else 0)


def _status(line: socket.socket) -> int:
    """The status of an answer read to its end."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += line.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *([0-9]+)", head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(line.recv(65536))
    return int(head.split()[1])


def _alert() -> str:
    return json.dumps(
        {
            "reference": str(uuid.uuid4()),
            "level": "high",
            "fraud_type": "冒充客服",
            "received_at": datetime.now(UTC).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "海尾社区海尾大道 12 号",
            "community": "440606006016",
        }
    )


def pgbench(built: House, token: str) -> float | None:
    """Transactions a second of the bare statements, on the same server; None where pgbench is missing."""
    program = shutil.which("pgbench") or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))), None
    )
    if program is None:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT)
        script.flush()
        command = [program, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS)]
        command += ["-D", f"digest={hashlib.sha256(token.encode()).hexdigest()}"]
        done = subprocess.run(
            [*command, "-f", script.name, built.app_url], capture_output=True, text=True, check=False
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stderr)
    return float(found[1])


if __name__ == "__main__":
    main()
