"""Reading and printing papers that were issued: the same words each time, and the record of their service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.timezone import localtime

from fengqiao.ground.models import Station
from fengqiao.kit.documents import Block, Document, Field, Fields, Signatures, restored
from fengqiao.kit.problems import NotFound, WordsDestroyed
from fengqiao.kit.text import mask_name
from fengqiao.matters.commands.issuing import paper_column, receipt_column
from fengqiao.matters.issued import Issued, ServiceReceipt
from fengqiao.matters.looks import on_task
from fengqiao.matters.models import Matter
from fengqiao.matters.photos import on_paper
from fengqiao.matters.printing import FORMATS, Printed, posts
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor
from fengqiao.people.exporting import note_export
from fengqiao.people.models import Look
from fengqiao.store.scope import require_transaction
from fengqiao.store.vault import Unreadable

RECEIPT_SAYS = "送达回证"
NONE = "无"


@dataclass(frozen=True, slots=True)
class Given:
    """One issued paper as a list shows it; `served` says how and when, empty while nobody has written it down;
    `to_serve`: it is of those that are served."""

    issued: Issued
    says: str
    served: str
    to_serve: bool


def issued_of(matter: Matter, by: Actor) -> list[Given]:
    """The issued papers this actor may print, in the order they were issued."""
    found = Issued.objects.filter(matter=matter).select_related("receipt").order_by("id")
    page = kind(matter.kind)
    served = {slug for act in page.acts for slug in act.serves}
    return [
        Given(one, page.paper(one.paper).says, _served(one), one.paper in served)
        for one in found
        if _may(matter, one, by)
    ]


def print_issued(
    *, matter: Matter, issued_id: int, as_: str, by: Actor, at: datetime, receipt: bool = False
) -> Printed:
    """The paper as it was issued, or the record of its service; that it was printed is written down. Raises
    NotFound, and WordsDestroyed once the matter's words have ended."""
    require_transaction()
    one = Issued.objects.filter(matter=matter, pk=issued_id).select_related("receipt").first()
    if (
        one is None
        or by.person_id is None
        or not _may(matter, one, by)
        or (receipt and not _has_receipt(one))
    ):
        raise NotFound("现在没有这份文书")
    says = RECEIPT_SAYS if receipt else one.form
    note_export(by=by, what=f"{says} {one.number}", rows=1, purpose="")
    if receipt or kind(matter.kind).paper(one.paper).opens:
        _note_look(matter, by, f"打印 {says} {one.number}")
    media, draw = FORMATS[as_]
    with translation.override("zh-hans"):
        who = f"{posts(at)(by.person_id)} {localtime(at):%Y-%m-%d %H:%M} 打印。打印即导出，已记录"
        drawn = _receipt(matter, one, who, whole=on_task(matter, by)) if receipt else _paper(matter, one, who)
        drawn = on_paper(drawn, matter, by, at)
    return Printed(f"{one.number}{RECEIPT_SAYS if receipt else ''}.{as_}", media, draw(drawn))


def _note_look(matter: Matter, by: Actor, reason: str) -> None:
    """Words about a person stand on it: printing is a look."""
    assert by.person_id is not None
    Look.objects.create(
        station_id=by.station_id,
        person_id=by.person_id,
        role=by.main_role,
        subject=matter.pk,
        columns="issued",
        reason=reason[:200],
        task=on_task(matter, by),
    )


def _may(matter: Matter, one: Issued, by: Actor) -> bool:
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    return bool(roles & frozenset(kind(matter.kind).paper(one.paper).by))


def _has_receipt(one: Issued) -> bool:
    return hasattr(one, "receipt")


def _served(one: Issued) -> str:
    if not _has_receipt(one):
        return ""
    return f"{one.receipt.get_method_display()} {localtime(one.receipt.served_at):%Y-%m-%d}"


def _paper(matter: Matter, one: Issued, printed: str) -> Document:
    return restored(json.loads(_opened(matter, one.content, paper_column(one.number))), printed=printed)


def _receipt(matter: Matter, one: Issued, printed: str, *, whole: bool) -> Document:
    """Who received it stands there in full for whoever is on the task, masked for others."""
    said = json.loads(_opened(matter, one.receipt.words, receipt_column(one)) or "{}")
    if not whole:
        said |= {name: mask_name(said[name]) for name in ("receiver", "witness") if name in said}
    return Document(
        issuer=Station.objects.get(pk=matter.station_id).name,
        title=RECEIPT_SAYS,
        number=one.number,
        printed=printed,
        at=one.receipt.served_at,
        blocks=tuple(_receipt_blocks(matter, one, one.receipt, said)),
    )


def _receipt_blocks(
    matter: Matter, one: Issued, receipt: ServiceReceipt, said: dict[str, str]
) -> Iterator[Block]:
    page = kind(matter.kind)
    paper, detail = page.paper(one.paper), page.detail._default_manager.get(pk=matter.pk)
    yield Fields(
        (
            Field("送达文书", f"{paper.says} {one.number}", wide=True),
            Field("受送达人", paper.addressee(detail) or NONE, wide=True),
            Field("送达方式", receipt.get_method_display()),
            Field("送达时间", f"{localtime(receipt.served_at):%Y-%m-%d %H:%M}"),
            Field("送达地点", receipt.place, wide=True),
            Field("签收人", said.get("receiver", NONE)),
            Field("与受送达人关系", receipt.relation or NONE),
            Field("拒收理由", said.get("refusal", NONE), wide=True),
            Field("见证人", said.get("witness", NONE)),
            Field("全程录音录像", "是" if receipt.recorded else "否"),
            Field("送达人", posts(receipt.served_at)(receipt.by_id), wide=True),
        )
    )
    yield Signatures(("受送达人：", "见证人：", "送达人："))


def _opened(matter: Matter, secret: object, column: str) -> str:
    assert matter.vault is not None
    try:
        return str(secret.open(matter.vault, column))  # type: ignore[attr-defined]
    except Unreadable:
        raise WordsDestroyed("文书内容已按期销毁") from None
