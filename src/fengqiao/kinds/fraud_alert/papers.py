"""The papers of a fraud alert: D08 for the file, D09 to fill in by hand beside the victim.

What is never stored here (ID number, accounts, banks) is a blank on D09 and stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from django.utils.timezone import localtime

from fengqiao.kinds.fraud_alert.commands import SAVED, VISITED_AGAIN
from fengqiao.kinds.fraud_alert.models import FraudAlert
from fengqiao.kit.documents import Block, Field, Fields, Head, Para, Signatures
from fengqiao.kit.money import yuan
from fengqiao.matters.models import Matter
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing, log
from fengqiao.matters.registry import RAISE
from fengqiao.matters.subject_notice import subject_notice
from fengqiao.people.roles import Role

AlertPrinting: TypeAlias = Printing[FraudAlert]
NONE = "无"
PENDING = "尚未办理"
MONEY_GONE = frozenset({"already_paid", "relapsed"})
ANYONE = (Role.DESK, Role.CHIEF, Role.OFFICER, Role.AUXILIARY, Role.GRID_MEMBER)


def money_gone(matter: Matter) -> bool:
    return matter.outcome in MONEY_GONE


def worksheet(printing: AlertPrinting) -> tuple[Block, ...]:
    """D08: what came, who it concerns (masked), what was done, how it ended."""
    return (
        Head("一、预警"),
        Fields(tuple(_alert(printing))),
        Head("二、办理经过"),
        log(printing),
        Head("三、结果"),
        Fields(tuple(_result(printing))),
        Signatures(("办理人：", "核对人：", "日期：")),
    )


def stop_payment(printing: AlertPrinting) -> tuple[Block, ...]:
    """D09: what the stop-payment line asks for; most of it written by hand and never typed in here."""
    detail = printing.detail
    return (
        Para("本表由民警在事主身边手写，用于向 110 或反诈中心申请紧急止付。证件号码、账号不录入本系统。"),
        Head("一、本系统已有"),
        Fields(
            (
                Field("预警编号", printing.matter.reference or NONE),
                Field("事项办理人", printing.post_of(printing.matter.holder_id)),
                Field("得知已转账", _moment(detail.paid_at)),
                Field("金额(元，自述)", _money(detail.amount_lost)),
                Field("止付/报案编号", detail.handoff_reference, wide=True),
            )
        ),
        Head("二、手写"),
        Fields(
            tuple(
                Field(says, None, wide)
                for says, wide in (
                    ("事主姓名", False),
                    ("联系电话", False),
                    ("身份证件号码", True),
                    ("付款账号", True),
                    ("付款银行", True),
                    ("转账准确时间", False),
                    ("转账金额(元)", False),
                    ("交易流水号", True),
                    ("收款账号", True),
                    ("收款户名", False),
                    ("收款银行或平台", False),
                    ("转账凭证", True),
                )
            )
        ),
        Signatures(("事主：", "民警：", "时间：")),
    )


def visit_note(printing: AlertPrinting) -> tuple[Block, ...]:
    """What is left with whoever was visited: how to tell real police, what is kept of them, who looked."""
    phone = printing.matter.station.public_phone or "110"
    return (
        Para("您好："),
        Para("我所收到您可能正遭遇电信网络诈骗的预警，所以联系您。"),
        Para("民警不会让您转账、提供验证码或下载软件。有疑问的，请拨打派出所电话或者 110 核实。"),
        Fields((Field("派出所电话", phone), Field("反诈专线", "96110"))),
        *subject_notice(
            printing, purpose="劝阻电信网络诈骗", held="姓名、联系电话、住处门牌和劝阻、回访情况"
        ),
    )


def _alert(printing: AlertPrinting) -> Iterator[Field]:
    matter, words = printing.matter, printing.words
    taken = printing.event(RAISE)
    yield Field("预警编号", matter.reference or NONE)
    yield Field("预警等级", printing.kind.level_says(matter.level) or NONE)
    yield Field("诈骗类型", printing.detail.fraud_type)
    yield Field("来源", _source(printing))
    yield Field("收到时间", _moment(matter.raised_at))
    yield Field("登记时间", _moment(taken.recorded_at if taken else None))
    yield Field("事主", words.get("target_name", NONE))
    yield Field("电话", words.get("target_phone", NONE))
    yield Field("最后地址", words.get("address", NONE), wide=True)
    yield Field("社区", matter.community.name if matter.community else "待确认")
    yield Field("责任人", printing.post_of(matter.holder_id) if matter.holder_id else NONE)


def _source(printing: AlertPrinting) -> str:
    """Alerts carry the centre's number; one that was taken in without a person came by its interface or file."""
    taken = printing.event(RAISE)
    how = "值班室登记" if taken is not None and taken.by_id else "接口或文件"
    return f"反诈中心指令({how})"


def _result(printing: AlertPrinting) -> Iterator[Field]:
    matter, detail = printing.matter, printing.detail
    # Nobody calls after 72 hours to confirm what was never stopped.
    to_confirm = matter.is_open and matter.outcome in ("", *SAVED)
    yield Field("结果", printing.kind.outcome_says(matter.outcome) if matter.outcome else PENDING)
    yield Field("当前环节", printing.kind.stage(matter.stage).says)
    yield Field("避免损失(元，自述)", _money(detail.amount_intended if matter.outcome in SAVED else None))
    yield Field("已转金额(元，自述)", _money(detail.amount_lost))
    yield Field("24 小时回访", _moment(detail.called_back_at, awaited=matter.is_open))
    yield Field("72 小时回访确认", _moment(detail.confirmed_at, awaited=to_confirm))
    if matter.level in VISITED_AGAIN:
        yield Field("7 日上门回访", _moment(detail.visited_at, awaited=to_confirm))
    yield Field("办结时间", _moment(matter.closed_at))


def _moment(when: datetime | None, *, awaited: bool = True) -> str:
    if when is None:
        return PENDING if awaited else NONE
    return f"{localtime(when):%Y-%m-%d %H:%M}"


def _money(amount: Decimal | None) -> str:
    return yuan(amount) if amount is not None else NONE


PAPERS = (
    Paper("worksheet", "预警劝阻工作单", "D08", ANYONE, worksheet, opens=("address",)),
    Paper("stop-payment", "止付要素清单", "D09", ANYONE, stop_payment, when=money_gone),
    Paper("visit-note", "反诈劝阻告知单", "GZ", ANYONE, visit_note),
)
