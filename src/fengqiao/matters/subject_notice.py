"""What a paper that is handed over says of personal data (告知): who keeps what, for what, how long, and where the
person sees who looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from fengqiao.kit.documents import Block, Code, Head, Para
from fengqiao.matters.addresses import on_paper
from fengqiao.matters.commands.subject_codes import code_for
from fengqiao.matters.keeping import days_of
from fengqiao.matters.paper_content import Printing


def subject_notice(printing: Printing[Any], *, purpose: str, held: str, life: str = "") -> tuple[Block, ...]:
    """The notice with the matter's code. `life`: how long, where it is not the kind's days after closing."""
    return (Head("个人信息告知"), *_told(printing, purpose, held, life), _code(printing, printing.at))


def _told(printing: Printing[Any], purpose: str, held: str, life: str) -> Iterator[Para]:
    phone = printing.matter.station.public_phone or "派出所电话"
    life = life or f"办结后 {days_of()[printing.kind.slug]} 天"
    yield Para(
        f"我们是{printing.station}。为{purpose}，需要登记您的{held}。只用于这件事，{life}自动删除。不提供也不影响您求助。"
    )
    address = on_paper(reverse("public:looked")) or f"派出所公布的网址(末尾为 {reverse('public:looked')})"
    yield Para(
        f"谁查看过您的信息，可凭下面的查询码在 {address} 查询；更正、删除、投诉，也在那里提出，或拨打{phone}。请收好本单。"
    )


def _code(printing: Printing[Any], at: datetime) -> Code:
    address, code = on_paper(reverse("public:looked")), code_for(printing.matter, at=at).printed
    return Code(address or code, f"查询码 {code}")
