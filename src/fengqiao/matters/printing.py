"""Printing a paper of a matter: what may be printed now, and the paper itself. Every print is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.timezone import localtime

from fengqiao.ground.models import Station
from fengqiao.kit.documents import Document, docx, pdf
from fengqiao.kit.problems import NotFound
from fengqiao.matters.looks import glimpses, on_task
from fengqiao.matters.models import Detail, Matter
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing
from fengqiao.matters.photos import on_paper
from fengqiao.matters.queries import number, timeline
from fengqiao.matters.registry import kind
from fengqiao.people.actors import Actor
from fengqiao.people.charge import posts_in_words
from fengqiao.people.exporting import note_export
from fengqiao.people.looking import require_reason
from fengqiao.people.models import Look
from fengqiao.store.scope import require_transaction

FORMATS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "pdf": ("application/pdf", pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """The file, its media type and a name without anything about a person."""

    name: str
    media: str
    content: bytes


def available(matter: Matter, by: Actor) -> list[Paper]:
    """The papers this actor may print of this matter now, in the order of the kind's page; those that are
    issued are another thing (issued_papers)."""
    holds = by.person_id is not None and by.person_id == matter.holder_id
    roles = by.roles if holds else by.roles_in(matter.community_id)
    drawn = (paper for paper in kind(matter.kind).papers if not paper.mark)
    return [paper for paper in drawn if roles & frozenset(paper.by) and paper.when(matter)]


def print_paper(
    *,
    matter: Matter,
    slug: str,
    as_: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    stepped_up_at: datetime | None = None,
) -> Printed:
    """Draw a paper and write down that it was printed, in the same transaction.

    Columns the paper opens are printed in full for whoever is on the task, or who gives a reason; masked
    for everybody else. Raises NotFound for a paper that is not to be had; BadInput and StepUpNeeded like any look
    without a task (see `looks.reveal`).
    """
    require_transaction()
    paper = next((paper for paper in available(matter, by) if paper.slug == slug), None)
    if paper is None or by.person_id is None:
        raise NotFound("现在没有这份文书")
    opened = _opened(paper, matter, by, at, reason.strip(), stepped_up_at)
    note_export(by=by, what=f"{paper.form} {number(matter)}", rows=1, purpose=reason)
    media, draw = FORMATS[as_]
    name = f"{number(matter)}-{paper.form}"
    # A paper is in Chinese whatever language its printer reads.
    with translation.override("zh-hans"):
        document = on_paper(_document(matter, paper, name, opened, by, at), matter, by, at)
    return Printed(f"{name}.{as_}", media, draw(document))


def _opened(
    paper: Paper, matter: Matter, by: Actor, at: datetime, reason: str, stepped_up_at: datetime | None
) -> tuple[str, ...]:
    """The columns printed in full; opening them is a look like any other."""
    task = on_task(matter, by)
    if by.person_id is None or not paper.opens or not (task or reason):
        return ()
    said = reason if task else require_reason(reason, by=by, at=at, stepped_up_at=stepped_up_at)
    Look.objects.create(
        station_id=by.station_id,
        person_id=by.person_id,
        role=by.main_role,
        subject=matter.pk,
        columns=",".join(paper.opens)[:200],
        reason=f"打印 {paper.form}{':' if said else ''}{said}"[:200],
        task=task,
    )
    return paper.opens


def _document(
    matter: Matter, paper: Paper, name: str, opened: tuple[str, ...], by: Actor, at: datetime
) -> Document:
    page = kind(matter.kind)
    detail = page.detail._default_manager.get(pk=matter.pk)
    station = Station.objects.get(pk=matter.station_id).name
    printing = Printing(
        matter=matter,
        detail=detail,
        kind=page,
        station=station,
        timeline=tuple(timeline(matter)),
        words=_words(matter, detail, opened),
        at=at,
        post_of=posts(at),
    )
    who = posts(at)(by.person_id)
    return Document(
        issuer=station,
        title=paper.says,
        number=f"编号：{name}",
        printed=f"{who} {localtime(at):%Y-%m-%d %H:%M} 打印。打印即导出，已记录",
        at=at,
        blocks=paper.content(printing),
    )


def _words(matter: Matter, detail: Detail, opened: tuple[str, ...]) -> dict[str, str]:
    words = {glimpse.name: glimpse.words for glimpse in glimpses(matter, detail)}
    assert matter.vault is not None
    return words | {
        name: getattr(detail, name).glimpse(matter.vault, name) for name in opened if name in words
    }


def posts(at: datetime) -> Callable[[UUID | None], str]:
    """Who somebody is by post on that day: a paper names posts, not persons."""
    return posts_in_words(day=localtime(at).date(), nobody="系统")
