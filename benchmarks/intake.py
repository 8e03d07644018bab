"""Intake → placed → assigned → clock running, through the API, beside pgbench sending the same statements.

Both in one run on one server with fsync on, 16 clients. pgbench has neither HTTP nor Python nor
encryption to do: the ratio is what the product's promises cost.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import shutil
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

# What raise_matter sends, statement for statement; ids are made by the server here.
SCRIPT = r"""
\set n random(1, 1000000000)
\set r random(1, 1000000000)
BEGIN;
SELECT set_config('app.station', '1', true);
SELECT pg_advisory_xact_lock(hashtextextended(:client_id || 'k' || :n, 1));
SELECT id FROM matters_event WHERE station_id = 1 AND key = 'k' || :n || ':' || :client_id;
SELECT count(*) FROM ground_community;
SELECT person_id FROM people_post WHERE community_id = 16 AND role = 'officer' ORDER BY lead DESC LIMIT 1;
INSERT INTO store_key (id, station_id, wrapped) VALUES (md5(:n || '.' || :r)::uuid, 1, decode(repeat('ab', 60), 'hex'));
INSERT INTO matters_matter (id, station_id, kind, state, stage, outcome, level, title, community_id, candidates, placed_why, vault_id, reference, raised_at, raised_day, burns_at, escalation, version, resumes, resumes_outcome) VALUES (md5(:n || '.' || :r)::uuid, 1, 'fraud_alert', 'raised', 'received', '', 'high', 'bench', 16, '{}', '', md5(:n || '.' || :r)::uuid, 'b' || :n, now(), now()::date, now(), 0, 1, '', '');
INSERT INTO fraud_alert_fraudalert (matter_id, station_id, fraud_type, target_name, target_phone, address, calls, visits, met_visits, wrong_address, leads, search_round, found_in_search, identity_checked, handoff_reference, transferred_to, receipt, result, rating) VALUES (md5(:n || '.' || :r)::uuid, 1, 'bench', decode(repeat('ab', 34), 'hex'), decode(repeat('ab', 39), 'hex'), decode(repeat('ab', 64), 'hex'), 0, 0, 0, false, '[]', 0, false, false, '', '', '', '', '');
INSERT INTO matters_event (station_id, matter_id, act, role, observed_at, key, digest, standing, reason, stage_from, stage_to, version, given) VALUES (1, md5(:n || '.' || :r)::uuid, 'raise', 'desk', now(), 'k' || :n || ':' || :r || ':' || :client_id, repeat('a', 64), 'done', '', '', 'received', 1, '{"level": "high"}');
INSERT INTO matters_clock (station_id, matter_id, name, span, why, certain, starts_at, due_at, next_at, rung, stopped_by) VALUES (1, md5(:n || '.' || :r)::uuid, 'sign', '5min', 'bench', true, now(), now() + interval '5 min', now() + interval '150 s', 0, '');
COMMIT;
"""


def main() -> None:
    with house() as built:
        token = built.token("desk")
        drive(built, token, seconds=2, clients=4)
        ours = drive(built, token, seconds=SECONDS, clients=CLIENTS)
        raw = pgbench(built)
        half = drive(built, token, seconds=SECONDS, clients=CLIENTS, rate=ours["per_second"] / 2)
    print(
        f"intake through the API   {ours['per_second']:8.0f} a second   p50 {ours['p50']:5.1f} ms  p99 {ours['p99']:5.1f} ms"
    )
    print(
        f"  at half that load      {half['per_second']:8.0f} a second   p50 {half['p50']:5.1f} ms  p99 {half['p99']:5.1f} ms"
    )
    if raw is None:
        print("pgbench is not installed: no ratio")
        return
    print(f"pgbench, same statements {raw:8.0f} a second")
    print(f"ratio                    {ours['per_second'] / raw:8.2f}")


def drive(built: House, token: str, *, seconds: float, clients: int, rate: float = 0) -> dict[str, float]:
    """Closed loop of `clients`, or (with `rate`) paced to so many a second together."""
    took: list[float] = []
    end = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_client, args=(built.url, token, end, took, clients / rate if rate else 0))
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(took, n=100)
    return {"per_second": len(took) / seconds, "p50": cuts[49] * 1000, "p99": cuts[98] * 1000}


def _client(url: str, token: str, end: float, took: list[float], pause: float) -> None:
    line = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    # Paced clients do not all begin at once: a burst of sixteen is another load than so many a second.
    due = time.monotonic() + random.uniform(0, pause)
    time.sleep(max(0.0, due - time.monotonic()))
    while time.monotonic() < end:
        began = time.monotonic()
        line.request("POST", "/api/v1/fraud-alerts", _alert(), headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != 201:
            raise SystemExit(f"intake answered {answer.status}")
        took.append(time.monotonic() - began)
        due += pause
        time.sleep(max(0.0, due - time.monotonic()) if pause else 0)


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


def pgbench(built: House) -> float | None:
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
        done = subprocess.run(
            [*command, "-f", script.name, built.app_url], capture_output=True, text=True, check=False
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stderr)
    return float(found[1])


if __name__ == "__main__":
    main()
