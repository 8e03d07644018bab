"""The notice left at a door where nobody was in: that a check is due, until when, and how to agree on a time. It hangs
where anybody reads it: nothing about who lives there, nor what is known of the place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate, localtime

from fengqiao.ground.tags import tag_code
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.documents import Block, Code, Field, Fields, Para
from fengqiao.matters.addresses import on_paper
from fengqiao.matters.models import Matter
from fengqiao.matters.paper_content import Printing

IN_VAIN = ("nobody_in", "refused_entry")


def nobody_seen(matter: Matter) -> bool:
    return matter.stage == "not_in" and matter.premises is not None


def door_notice(printing: Printing[Inspection]) -> tuple[Block, ...]:
    """One page; the code leads whoever of the station comes again to the place."""
    place = printing.matter.premises
    assert place is not None
    code = tag_code(place)
    address = on_paper(reverse("public:tag", args=[code]))
    return (
        Para("您好："),
        Para("我所到此处做消防安全检查，未能见到您。请拨打下面的电话，约一个方便的时间。"),
        Fields(tuple(_facts(printing))),
        Para(
            "检查只看消防安全：安全出口和楼梯间、电动自行车停放充电、用电用气、灭火器材。一般不超过二十分钟，不收任何费用。"
        ),
        Para("来访人员应当着装、出示证件。有疑问的，请拨打派出所电话或者 110 核实。"),
        Code(address or code, f"{code}(工作人员扫码登记)"),
    )


def _facts(printing: Printing[Inspection]) -> Iterator[Field]:
    place, matter = printing.matter.premises, printing.matter
    assert place is not None
    yield Field("地点", place.address, wide=True)
    came = next((event for event in reversed(printing.timeline) if event.act in IN_VAIN), None)
    if came:
        yield Field("上门时间", f"{localtime(came.observed_at):%Y-%m-%d %H:%M}")
    last = printing.detail.due_on or (
        localdate(matter.burns_at - timedelta(minutes=1)) if matter.burns_at else None
    )
    yield Field("请在此前约定", f"{last:%Y-%m-%d}" if last else "尽快")
    yield Field("预约电话", matter.station.public_phone or None, wide=True)
    yield Field("依据", "中华人民共和国消防法第五十三条", wide=True)
