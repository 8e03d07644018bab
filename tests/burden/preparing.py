"""What lies ready before a journey begins, made through the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fengqiao.kit.ids import uuid7
from tests.phone_app.phone import take_in
from tests.program import Running

ROAD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("desk", "sign", {}),
    ("officer-016", "go", {}),
    ("officer-016", "meet", {"identity_checked": True}),
    ("officer-016", "dissuade", {"result": "dissuaded", "contact_cut": True}),
    ("chief", "confirm", {"no_transfer": True}),
)


class Station:
    """The station's people, as programs know them."""

    def __init__(self, running: Running) -> None:
        self.running = running
        names = ("desk", "chief", "officer-016")
        self.tokens = {name: running.command("token", name) for name in names}

    def alert(self, mark: str, steps: int) -> str:
        """An alert of the officer's community, so many steps down its road."""
        (matter,) = take_in(self.running, self.tokens["desk"], 1, mark)
        for who, act, given in ROAD[:steps]:
            self._post(
                who, f"/api/v1/matters/{matter}/acts/{act}", {"key": f"{matter}-{act}", "given": given}
            )
        return matter

    def lost_alert(self, mark: str) -> str:
        """One whose address is in two communities."""
        content = {
            "reference": f"{mark}-lost",
            "level": "medium",
            "fraud_type": f"冒充客服{mark}",
            "received_at": datetime.now(UTC).isoformat(),
            "target": {"name": "事主甲", "phone": "13900000001"},
            "address": "东风",
        }
        return str(self._post("desk", "/api/v1/fraud-alerts", content)["id"])

    def inspection(self, place: str) -> str:
        return self._raise({"kind": "inspection", "premises": place, "source": "round"})

    def hazard(self, place: str, **changes: Any) -> str:
        return self._raise(
            {
                "kind": "hazard",
                "premises": place,
                "item": "exits_free",
                "finding": "楼梯间堆放纸箱",
                "spot": "首层楼梯间",
                "severity": "minor",
                "source": "complaint",
                "deadline": "3d",
            }
            | changes
        )

    def _raise(self, content: dict[str, Any]) -> str:
        act = {"key": str(uuid7()), "raise": content}
        visit = {"id": str(uuid7()), "observed_at": datetime.now(UTC).isoformat(), "acts": [act]}
        told = self._post("officer-016", "/api/v1/visits", visit)["acts"][0]
        assert told["matter"], told
        return str(told["matter"])

    def _post(self, who: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        answer = self.running.call("POST", path, self.tokens[who], content)
        assert answer is not None
        assert answer[0] < 300, answer
        told: dict[str, Any] = answer[1]
        return told
