"""What is asked of whoever requests, and of whoever answers."""

from __future__ import annotations

from fengqiao.kit.inputs import Choice, Input, asks


class Wanted(Choice):
    CORRECT = "correct", "更正"
    DELETE = "delete", "删除"
    COMPLAIN = "complain", "投诉"


class Ground(Choice):
    """Why the law lets a request be refused."""

    NEEDED = "needed", "处理目的尚未实现，办理还需要(个人信息保护法第47条)"
    PERIOD = "period", "法定保存期限未届满(个人信息保护法第47条)"
    HELD = "held", "依法保全，须作证据保存"
    RIGHT = "right", "经核实，原记录无误或查看正当"


class RequestIntake(Input):
    wanted: Wanted = asks("您的请求")
    words: str = asks("请写明情况", long=True, personal=True, min_length=4, max_length=1000)
    phone: str | None = asks(
        "联系电话", default=None, personal=True, hint="可不填；答复会显示在本页", max_length=30
    )


class GrantInput(Input):
    reply: str = asks(
        "答复", hint="群众凭查询码看到；不写任何人的姓名、电话", long=True, min_length=4, max_length=500
    )


class RefuseInput(Input):
    ground: Ground = asks("不予办理的依据")
    reply: str = asks(
        "理由和救济途径",
        hint="群众凭查询码看到；不写任何人的姓名、电话",
        long=True,
        min_length=4,
        max_length=500,
    )
