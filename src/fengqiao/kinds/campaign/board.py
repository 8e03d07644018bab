"""How a campaign stands, as its page, its report and the joining departments' page show it. Nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fengqiao.ground.models import Premises
from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import Row, Tally, hazards, mended, scope
from fengqiao.kit.documents import Bar, Block, Field, Fields, Grid
from fengqiao.kit.intervals import FEW, percent
from fengqiao.kit.problems import NotFound
from fengqiao.matters.models import Matter

NONE = "—"


def board(matter: Matter, at: datetime) -> tuple[Block, ...]:
    """The running round, or the last one as it ended; nothing before the campaign has begun."""
    campaign = Campaign.objects.select_related("matter").get(pk=matter.pk)
    if campaign.began_at is None:
        return ()
    told = campaign.tally()
    live = len(campaign.told) < campaign.round
    when = (Field(_("截至"), _moment(at)),) if live else ()
    return (
        bar(campaign, told),
        Fields((*figures(told.total, live=live), *when)),
        by_community(told),
    )


def behind(matter: Matter, name: str) -> QuerySet[Any]:
    """The rows a number of the running round counts, named `found`, or `found:CODE` of one community."""
    which, _colon, community = name.partition(":")
    campaign = Campaign.objects.select_related("matter").get(pk=matter.pk)
    if which not in _BEHIND:
        raise NotFound
    found = _BEHIND[which](campaign)
    column = "community__code" if found.model is Premises else "premises__community__code"
    return found.filter(**{column: community}) if community else found


_BEHIND: dict[str, Callable[[Campaign], QuerySet[Any]]] = {
    "places": scope,
    "checked": lambda campaign: scope(campaign).filter(done=True),
    "found": hazards,
    "mended": lambda campaign: hazards(campaign).filter(mended()),
}


def places(matter: Matter) -> PremisesQuerySet:
    """The places of its scope, each with whether it was checked this round."""
    return scope(Campaign.objects.select_related("matter").get(pk=matter.pk))


def bar(campaign: Campaign, told: Tally) -> Bar:
    says = _("第 {} 轮已查场所").format(campaign.round) if campaign.rounds > 1 else _("已查场所")
    return Bar(says, told.total.checked, told.total.places)


def figures(total: Row, *, live: bool = False) -> Iterator[Field]:
    """The numbers of a campaign, each with what it is counted from; while a round is live each opens to its rows."""

    def field(says: str, value: str, opens: str) -> Field:
        return Field(says, value, opens=opens if live else "")

    yield field(_("范围内场所"), str(total.places), "places")
    yield field(_("检查覆盖率"), ratio(total.checked, total.places), "checked")
    yield field(_("发现隐患"), str(total.found), "found")
    per_100 = f"{total.found * 100 / total.checked:.1f}" if total.checked else NONE
    yield Field(_("每百处已查场所发现"), per_100)
    yield field(_("已整改"), str(total.mended), "mended")
    yield Field(_("整改率"), ratio(total.mended, total.found))


def ratio(part: int, whole: int) -> str:
    """A share with the numbers it is made of; of fewer than 30 the numbers alone."""
    if not whole:
        return NONE
    return f"{part}/{whole}" if whole < FEW else f"{percent(part, whole)}%({part}/{whole})"


def by_community(told: Tally) -> Grid:
    heads = (_("社区"), _("场所"), _("已查"), _("进度"), _("发现隐患"), _("已整改"))
    rows = tuple(_line(row) for row in told.rows)
    opens = tuple(_opens(row) for row in told.rows)
    return Grid(heads, rows, (56, 18, 18, 18, 24, 22), empty=_("范围内没有场所"), opens=opens)


def _line(row: Row) -> tuple[str, ...]:
    few = row.places < FEW
    share = f"{row.checked}/{row.places}" if few else f"{percent(row.checked, row.places)}%"
    return (row.name, str(row.places), str(row.checked), share, str(row.found), str(row.mended))


def _opens(row: Row) -> tuple[str, ...]:
    """The rows behind each number of its line; a round that is over kept none."""
    named = ("", "places", "checked", "", "found", "mended")
    return tuple(f"{one}:{row.code}" if one and row.code else "" for one in named)


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"
