"""What a station itself may order to be put right: kinds of places in scope, and violations with their articles.

Everything else is told as advice or handed on. A station changes both by files (`fengqiao import hazard-orders FILE`,
`hazard-scope FILE`); until it has done so these defaults hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from fengqiao.ground.models import Premises, PremisesKind
from fengqiao.kinds.hazard.own_lists import HazardOrder, HazardScope

# Places a community police station may inspect for fire safety day by day (消防法 art. 53 and the province's rules):
# the default, which a station's lawyer may see otherwise.
IN_SCOPE = frozenset(
    {
        PremisesKind.RENTAL_HOUSE.value,
        PremisesKind.SHOP.value,
        PremisesKind.RESIDENCE.value,
        PremisesKind.CHARGING_AREA.value,
    }
)


@dataclass(frozen=True, slots=True)
class Order:
    """One violation on the list. `at_once`: to be put right at once and not by a day."""

    code: str
    says: str
    basis: str
    at_once: bool = False


_GD = "广东省实施《中华人民共和国消防法》办法"
_FIRE = "《中华人民共和国消防法》"
# fmt: off
DEFAULTS: tuple[Order, ...] = (
    Order("ebike_indoors", "电动自行车在门厅、楼梯间、走道、安全出口或室内停放", f"{_GD}第25条", at_once=True),
    Order("ebike_charging_indoors", "电动自行车在门厅、楼梯间、走道、安全出口或室内充电", f"{_GD}第25条", at_once=True),
    Order("ebike_lift", "电动自行车或其蓄电池进入电梯轿厢", f"{_GD}第25条", at_once=True),
    Order("separation", "电动自行车停放充电区未与住人部分物理隔离", f"{_GD}第25条"),
    Order("dragged_wires", "私拉电线给电动自行车充电", f"{_FIRE}第27条", at_once=True),
    Order("exits_free", "占用、堵塞、封闭疏散通道、安全出口", f"{_FIRE}第28条", at_once=True),
    Order("grille_opening", "防盗网未设逃生口", f"{_GD}第21条"),
    Order("extinguishers", "未按规定配置灭火器材", f"{_FIRE}第16条"),
    Order("equipment_missing", "未按规定配置消防设施、消防安全标志", f"{_FIRE}第16条"),
    Order("equipment_broken", "消防设施、器材、标志损坏或擅自停用", f"{_FIRE}第28条"),
    Order("electrics", "电器产品、燃气用具的安装、使用或线路、管路的敷设不符合消防安全规定", f"{_FIRE}第27条"),
    Order("partitions", "房间用可燃材料分隔", f"{_GD}第11条"),
    Order("flammables", "易燃易爆物品与居住场所设置在同一建筑物内", f"{_FIRE}第19条", at_once=True),
)
# fmt: on


def in_scope(premises: Premises | None) -> bool:
    """Whether an order may be given there; never at an address that is no place of the register."""
    return premises is not None and premises.kind in scope_of(premises.station_id)


def scope_of(station_id: int) -> frozenset[str]:
    """The kinds of places in scope: the default, but for what the station has set otherwise."""
    own = dict(HazardScope.objects.filter(station_id=station_id).values_list("premises_kind", "ordered"))
    taken, added = ({kind for kind, ordered in own.items() if ordered is wanted} for wanted in (False, True))
    return (IN_SCOPE - taken) | added


def order_for(code: str) -> Order | None:
    """The line of the list a violation stands on; None where no order may be given for it."""
    return next((order for order in orders() if order.code == code), None)


def orders() -> tuple[Order, ...]:
    """The station's own list, else the defaults."""
    own = HazardOrder.objects.order_by("code")
    return tuple(Order(one.code, one.says, one.basis, one.at_once) for one in own) or DEFAULTS
