"""Issuing a paper and recording its service: once, under a number without gaps, in the act's own transaction."""

from __future__ import annotations

import json

from django.utils import translation
from django.utils.timezone import localtime

from fengqiao.ground.models import Station
from fengqiao.kit.documents import Document, kept
from fengqiao.kit.problems import OutOfTurn
from fengqiao.matters.commands.recording import Call
from fengqiao.matters.issued import IssueCount, Issued, ServiceReceipt
from fengqiao.matters.models import Detail, Event, Matter
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing
from fengqiao.matters.registry import Act, Kind
from fengqiao.matters.service import ServiceInput
from fengqiao.people.charge import posts_in_words
from fengqiao.store.secrets import Secret
from fengqiao.store.vault import Key


def issue(matter: Matter, detail: Detail, page: Kind, act: Act, heard: Call) -> None:
    """The papers an act issues, those that are to be had now; their words are what stands written at this
    moment, the act itself included."""
    for slug in act.issues:
        paper = page.paper(slug)
        if paper.when(matter):
            _issue(matter, detail, page, paper, heard)


def unserved(matter: Matter, act: Act, given: ServiceInput) -> Issued:
    """The last issued of the papers the act serves. Raises OutOfTurn where there is none, or its service is written
    down already. Asked before anything is written."""
    issued = Issued.objects.filter(matter=matter, paper__in=act.serves).order_by("-id").first()
    if issued is None:
        raise OutOfTurn("还没有签发需要送达的文书")
    if ServiceReceipt.objects.filter(issued=issued).exists():
        raise OutOfTurn(f"{issued.number} 的送达已经登记过")
    return issued


def serve(matter: Matter, issued: Issued, given: ServiceInput, heard: Call) -> None:
    """How the paper was served, once."""
    said = given.model_dump(mode="json", include={"receiver", "refusal", "witness"}, exclude_none=True)
    words = Secret.of(json.dumps(said, ensure_ascii=False))
    words.seal(_vault(matter), receipt_column(issued))
    ServiceReceipt.objects.create(
        station_id=matter.station_id,
        issued=issued,
        method=given.method.value,
        place=given.place,
        relation=given.relation or "",
        recorded=given.recorded,
        words=words,
        by_id=heard.by.person_id,
        served_at=heard.observed_at,
    )


def paper_column(number: str) -> str:
    """What the sealed words of a paper are bound to: its number, so that none can stand in for another."""
    return f"paper:{number}"


def receipt_column(issued: Issued) -> str:
    return f"receipt:{issued.number}"


def _issue(matter: Matter, detail: Detail, page: Kind, paper: Paper, heard: Call) -> None:
    station = Station.objects.get(pk=matter.station_id)
    year = localtime(heard.observed_at).year
    serial = _next(matter.station_id, paper.form, year)
    number = f"{station.short_name}{paper.mark}〔{year}〕{serial}号"
    # A paper is in Chinese whatever language whoever issues it reads.
    with translation.override("zh-hans"):
        document = _document(matter, detail, page, paper, station, number, heard)
    content = Secret.of(json.dumps(kept(document), ensure_ascii=False))
    content.seal(_vault(matter), paper_column(number))
    Issued.objects.create(
        station_id=matter.station_id,
        matter=matter,
        paper=paper.slug,
        form=paper.form,
        year=year,
        serial=serial,
        number=number,
        content=content,
        by_id=heard.by.person_id,
        issued_at=heard.observed_at,
    )


def _next(station_id: int, form: str, year: int) -> int:
    """The next number; whoever else issues this form waits until this transaction is through, or gone."""
    IssueCount.objects.bulk_create(
        [IssueCount(station_id=station_id, form=form, year=year)], ignore_conflicts=True
    )
    count = IssueCount.objects.select_for_update().get(station_id=station_id, form=form, year=year)
    count.last += 1
    count.save(update_fields=["last"])
    return count.last


def _document(
    matter: Matter, detail: Detail, page: Kind, paper: Paper, station: Station, number: str, heard: Call
) -> Document:
    vault = _vault(matter)
    events = Event.objects.filter(matter=matter).select_related("by").order_by("observed_at", "id")
    printing = Printing(
        matter=matter,
        detail=detail,
        kind=page,
        station=station.name,
        timeline=tuple(events),
        words={name: getattr(detail, name).glimpse(vault, name) for name in paper.opens},
        at=heard.observed_at,
        post_of=posts_in_words(day=localtime(heard.observed_at).date(), nobody="当事人"),
        number=number,
    )
    return Document(
        issuer=station.name,
        title=paper.says,
        number=number,
        printed="",
        at=heard.observed_at,
        blocks=paper.content(printing),
    )


def _vault(matter: Matter) -> Key:
    assert matter.vault is not None
    return matter.vault
