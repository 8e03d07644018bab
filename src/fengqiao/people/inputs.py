"""What the account screens ask."""

from __future__ import annotations

from datetime import date

from fengqiao.kit.inputs import Choice, Input, asks


class Language(Choice):
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class NewAccount(Input):
    username: str = asks("登录名", hint="字母、数字或汉字，如警号", max_length=60)
    name: str = asks("显示名称", hint="事项和交接班里看到的称呼", max_length=60)
    phone: str = asks("值勤电话", default="", max_length=30)


class Description(Input):
    name: str = asks("显示名称", max_length=60)
    phone: str = asks("值勤电话", default="", max_length=30)
    language: Language = asks("界面语言", default=Language.CHINESE)


class Appointment(Input):
    role: str = asks("岗位", source="roles")
    community: str = asks(
        "社区", default="", source="communities", hint="警长、辅警、网格员须填；其他岗位属于全所，不填"
    )
    lead: bool = asks("该社区的责任警长", default=False)
    title: str = asks("岗位名称", default="", hint="不填则用岗位和社区", max_length=60)
    starts_on: date = asks("开始日期")
    ends_on: date | None = asks("最后一天", default=None, hint="不填为长期")
    purpose: str = asks("任命理由", default="", hint="所长、三员须写明，由另一个人批准后生效", max_length=200)


class LastDay(Input):
    last_day: date = asks("最后一天", hint="填今天以前的日期，立即结束")
    purpose: str = asks("免去理由", default="", hint="所长、三员须写明，由另一个人批准后生效", max_length=200)


class NewToken(Input):
    name: str = asks("用途", hint="写明给哪个系统用", max_length=60)
