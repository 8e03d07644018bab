"""The campaign the demo station has under way: rented houses with e-bikes, a part done. Nothing here is real."""

from __future__ import annotations

from datetime import date, timedelta

from fengqiao.people.roles import Role
from fengqiao.play.playbook import Answers
from fengqiao.play.standing import Standing

LASTS = timedelta(days=30)


def arrives(begins: date) -> Answers:
    return {
        "name": "出租屋电动自行车专项整治(演示)",
        "kinds": ["rental_house"],
        "e_bikes_only": True,
        "starts_on": begins,
        "ends_on": begins + LASTS,
        "rounds": 2,
        "departments": "消防救援、供电、住建、街道综合治理办公室",
    }


STANDING = Standing("campaign", days=18, arrives=arrives, begins=(("start", Role.CHIEF),), share=0.9)
