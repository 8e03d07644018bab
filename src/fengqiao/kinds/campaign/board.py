"""How a campaign stands, as its page, its report and the joining departments' page show it. Nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fengqiao.ground.seeing import PremisesQuerySet
from fengqiao.kinds.campaign.models import Campaign
from fengqiao.kinds.campaign.progress import Row, Tally, scope, share
from fengqiao.kit.documents import Bar, Block, Field, Fields, Grid
from fengqiao.matters.models import Matter

NONE = "—"


def board(matter: Matter, at: datetime) -> tuple[Block, ...]:
    """The running round, or the last one as it ended; nothing before the campaign has begun."""
    campaign = Campaign.objects.select_related("matter").get(pk=matter.pk)
    if campaign.began_at is None:
        return ()
    told = campaign.tally()
    when = () if len(campaign.told) >= campaign.round else (Field(_("截至"), _moment(at)),)
    return (
        bar(campaign, told),
        Fields((*figures(told.total), *when)),
        by_community(told),
    )


def places(matter: Matter) -> PremisesQuerySet:
    """The places of its scope, each with whether it was checked this round."""
    return scope(Campaign.objects.select_related("matter").get(pk=matter.pk))


def bar(campaign: Campaign, told: Tally) -> Bar:
    says = _("第 {} 轮已查场所").format(campaign.round) if campaign.rounds > 1 else _("已查场所")
    return Bar(says, told.total.checked, told.total.places)


def figures(total: Row) -> Iterator[Field]:
    """The numbers of a campaign, each with what it is counted from."""
    yield Field(_("范围内场所"), str(total.places))
    yield Field(_("检查覆盖率"), ratio(total.checked, total.places))
    yield Field(_("发现隐患"), str(total.found))
    per_100 = f"{total.found * 100 / total.checked:.1f}" if total.checked else NONE
    yield Field(_("每百处已查场所发现"), per_100)
    yield Field(_("已整改"), str(total.mended))
    yield Field(_("整改率"), ratio(total.mended, total.found))


def ratio(part: int, whole: int) -> str:
    """A share with the numbers it is made of; of fewer than 30 the numbers alone."""
    if not whole:
        return NONE
    return f"{part}/{whole}" if whole < 30 else f"{share(part, whole)}%({part}/{whole})"


def by_community(told: Tally) -> Grid:
    heads = (_("社区"), _("场所"), _("已查"), _("进度"), _("发现隐患"), _("已整改"))
    rows = tuple(_line(row) for row in told.rows)
    return Grid(heads, rows, (56, 18, 18, 18, 24, 22), empty=_("范围内没有场所"))


def _line(row: Row) -> tuple[str, ...]:
    percent = f"{row.percent}%"
    return (row.name, str(row.places), str(row.checked), percent, str(row.found), str(row.mended))


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"
