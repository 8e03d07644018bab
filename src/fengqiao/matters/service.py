"""How a paper was served (送达回证), as whoever served it writes it down."""

from __future__ import annotations

from fengqiao.kit.inputs import Choice, asks
from fengqiao.kit.rules import Rule
from fengqiao.matters.at_door import DoorInput, over_budget


class ServedBy(Choice):
    """The ways of 公安机关办理行政案件程序规定 art. 36, in their order."""

    DIRECT = "direct", "直接送达"
    RECEIVED_FOR = "received_for", "家属、单位或村居委会代收"
    LEFT = "left", "拒收，留置送达"
    MAIL = "mail", "邮寄送达"
    ELECTRONIC = "electronic", "电子送达(本人同意)"
    PUBLIC_NOTICE = "public_notice", "公告送达"


# Nobody stands at a door.
AFAR = (ServedBy.MAIL, ServedBy.ELECTRONIC, ServedBy.PUBLIC_NOTICE)


class ServiceInput(DoorInput):
    """Each way has its own proof."""

    rules = (
        over_budget(unless=f"selected('{' '.join(AFAR)}', ${{method}})"),
        Rule("receiver", "请写明由谁签收", "selected('direct received_for', ${method}) and not(${receiver})"),
        Rule("relation", "代收须写明与受送达人的关系", "${method} = 'received_for' and not(${relation})"),
        Rule("refusal", "留置送达须写明拒收理由", "${method} = 'left' and not(${refusal})"),
        Rule(
            "witness",
            "留置送达须有见证人，或全程录音录像",
            "${method} = 'left' and not(${witness} or ${recorded})",
        ),
        Rule("consent", "电子送达须经受送达人同意", "${method} = 'electronic' and not(${consent})"),
    )
    method: ServedBy = asks("送达方式")
    place: str = asks("送达地点", min_length=2, max_length=100)
    receiver: str | None = asks(
        "签收人", default=None, personal=True, hint="代收、留置、邮寄也写清楚由谁收", max_length=60
    )
    relation: str | None = asks(
        "与受送达人的关系", default=None, hint="如：本人、家属、物业、村居委会", max_length=40
    )
    refusal: str | None = asks("拒收理由", default=None, personal=True, max_length=200)
    witness: str | None = asks("见证人", default=None, personal=True, max_length=60)
    recorded: bool = asks("全程录音录像", default=False)
    consent: bool = asks("受送达人同意电子送达", default=False)
