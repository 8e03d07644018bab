"""What the station does while its phones are out: it takes in, signs and calls at the desk, places matters elsewhere,
publishes a new version of a checklist, and sends an officer to another beat."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fengqiao.ground.demo_data import COMMUNITIES
from fengqiao.kit.ids import uuid7
from tests.browserless import Desk
from tests.fleet.phones import Officer
from tests.program import DEMO_PASSWORD, Running

# The demo station's communities, by the ends of their codes and of their officers' usernames.
BEATS = [code for code, _name, _class in COMMUNITIES]
STREET = "440606006"
QUESTIONS = 5
HERE = ZoneInfo("Asia/Shanghai")


@dataclass
class Station:
    """`matters`: the ids of what this run took in. `published`: when each version of its checklist was in force."""

    running: Running
    folder: Path
    chance: random.Random
    desk: str
    officers: list[Officer]
    matters: set[str] = field(default_factory=set)
    published: list[datetime] = field(default_factory=list)
    moved: int = 0
    placed: int = 0
    houses: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    checked: Iterator[int] = field(default_factory=count)

    @classmethod
    def opened(cls, running: Running, folder: Path, chance: random.Random, officers: int) -> Station:
        desk = running.command("token", "desk")
        with ThreadPoolExecutor(4) as signing_in:
            who = list(signing_in.map(lambda beat: _officer(running, beat), BEATS[:officers]))
        station = cls(running, folder, chance, desk, who)
        places = _told(running, "/api/v1/field/slice", desk)["places"]
        beats = {STREET + beat for beat in BEATS[:officers]}
        houses = [one for one in places if one["kind"] == "rental_house" and one["community"] in beats]
        station.houses = [one["id"] for one in houses]
        chance.shuffle(station.houses)
        return station

    def take_in(self) -> None:
        """One alert more."""
        number = next(self.numbers)
        content = {
            "reference": f"FLEET-{number}",
            "level": ("critical", "high", "medium", "low")[number % 4],
            "fraud_type": "冒充客服",
            "received_at": datetime.now(UTC).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "容桂街道某路 12 号",
            "community": STREET + BEATS[number % len(self.officers)],
        }
        answer = self.running.call("POST", "/api/v1/fraud-alerts", self.desk, content)
        if answer is not None and answer[0] in (200, 201):
            self.matters.add(str(answer[1]["id"]))

    def order_checks(self, number: int) -> None:
        """So many checks by the version in force, house after house."""
        for first in range(0, number, 50):
            raised = [
                {"kind": "inspection", "premises": self._house(), "source": "campaign", "checklist": "fleet"}
                for _ in range(min(50, number - first))
            ]
            body = {
                "id": str(uuid7()),
                "observed_at": datetime.now(UTC).isoformat(),
                "acts": [{"key": str(uuid7()), "raise": one} for one in raised],
            }
            answer = self.running.call("POST", "/api/v1/visits", self.desk, body)
            if answer is not None and answer[0] == 200:
                self.matters |= {act["matter"] for act in answer[1]["acts"] if act["result"] == "done"}

    def _house(self) -> str:
        return self.houses[next(self.checked) % len(self.houses)]

    def publish(self) -> None:
        """A version that asks other questions than the one before: answers to the wrong one would be refused."""
        number = len(self.published) + 1
        rows = [f"v{number}_{one},第{number}版第{one}问" for one in range(QUESTIONS)]
        file = self.folder / "fleet.csv"
        file.write_text("\n".join(["代码,检查内容", *rows]), encoding="utf-8")
        self.running.command("import", "checklists", str(file))
        self.published.append(datetime.now(UTC))

    def act(self) -> None:
        """The desk signs, calls, takes in one more, or places a matter in another beat."""
        chosen = self.chance.choice(("sign", "call", "place", "take_in"))
        if chosen == "take_in":
            self.take_in()
            return
        given = {
            "sign": {},
            "call": {"result": "no_answer"},
            "place": {"community": STREET + self.chance.choice(BEATS[: len(self.officers)])},
        }[chosen]
        matter = self.chance.choice(list(self.matters))
        path = f"/api/v1/matters/{matter}/acts/{chosen}"
        answer = self.running.call("POST", path, self.desk, {"key": str(uuid7()), "given": given})
        self.placed += chosen == "place" and answer is not None and answer[0] == 200

    def move(self) -> None:
        """One officer hands over what is open, leaves the beat, serves in another, and signs in anew there.

        A machine too busy to answer the desk in time leaves everybody where they are, until the next turn."""
        mover, taker = self.chance.sample(self.officers, 2)
        chief, security = self._signed_in("chief"), self._signed_in("secadmin")
        if chief is None or security is None:
            return
        account = security.ask(f"/accounts/{mover.id}")
        if account is None or account[0] != 200:
            return
        posts = re.findall(r"/posts/(\d+)/end", account[1])
        beat = self.chance.choice([one for one in BEATS[: len(self.officers)] if one != mover.beat])
        today = datetime.now(HERE).date()
        given = {"role": "officer", "community": STREET + beat, "starts_on": today.isoformat()}
        answer = security.ask(f"/accounts/{mover.id}/appoint", given)
        if answer is None or answer[0] != 200:
            return
        for post in posts:
            self._end(post, mover, taker, chief, security, today)
        mover.beat, mover.token = beat, self.running.command("token", mover.username)
        self.moved += 1

    def _end(
        self, post: str, mover: Officer, taker: Officer, chief: Desk, security: Desk, today: date
    ) -> None:
        """Whoever still holds something does not go: what came in meanwhile is handed over too."""
        yesterday = (today - timedelta(days=1)).isoformat()
        for _ in range(5):
            chief.ask("/beats/", {"giver": mover.id, "taker": taker.id, "key": str(uuid7())})
            answer = security.ask(f"/posts/{post}/end", {"last_day": yesterday})
            if answer is not None and answer[0] == 200:
                return
            # One that began today cannot have ended yesterday.
            voided = security.ask(f"/posts/{post}/void", {})
            if voided is not None and voided[0] == 200:
                return

    def _signed_in(self, username: str) -> Desk | None:
        session = Desk(self.running.url)
        return session if session.sign_in(username, DEMO_PASSWORD) else None


def meanwhile(station: Station, *, every: float, until: float) -> None:
    while time.monotonic() < until:
        station.act()
        time.sleep(station.chance.uniform(0.5, 1.5) * every)


def rearrange(station: Station, *, every: float, until: float) -> None:
    """Now another form, now another officer."""
    time.sleep(min(every / 2, max(0, until - time.monotonic())))
    while time.monotonic() < until:
        station.publish()
        station.order_checks(len(station.officers))
        station.move()
        time.sleep(max(0, min(every, until - time.monotonic())))


def _officer(running: Running, beat: str) -> Officer:
    username = f"officer-{beat}"
    token = running.command("token", username)
    me = _told(running, "/api/v1/field/slice", token)["frame"]["me"]
    return Officer(me["id"], me["name"], username, beat, token)


def _told(running: Running, path: str, token: str) -> Any:
    answer = running.call("GET", path, token)
    assert answer is not None
    assert answer[0] == 200, answer
    return answer[1]
