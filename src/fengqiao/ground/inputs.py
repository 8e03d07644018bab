"""What the register of premises asks, once for the desk's form and for imported rows."""

from __future__ import annotations

from pydantic import field_validator

from fengqiao.ground.models import PremisesKind, Via
from fengqiao.kit.geometry import Datum, in_china, looks_swapped
from fengqiao.kit.inputs import Choice, Input, asks
from fengqiao.kit.problems import FieldError
from fengqiao.kit.text import phone

# Asked of every row of a file: the enumeration itself would go through its members one by one.
KINDS = frozenset(PremisesKind.values)


class PremisesInput(Input):
    number: str = asks(
        "编号", hint="本所内唯一", min_length=1, max_length=40, pattern=r"^[0-9A-Za-z\u4e00-\u9fff._/-]+$"
    )
    kind: str = asks("类型", source="premises_kinds")
    name: str = asks("名称", min_length=1, max_length=120)
    address: str = asks("地址", min_length=2, max_length=200)
    community: str | None = asks(
        "社区",
        default=None,
        hint="不选则按地址和坐标认定，认定不了会请您选",
        source="communities",
        max_length=12,
    )
    door_plate: str | None = asks("门牌编码", default=None, max_length=40)
    lon: float | None = asks("经度", default=None, allow_inf_nan=False)
    lat: float | None = asks("纬度", default=None, allow_inf_nan=False)
    datum: Datum | None = asks("坐标系", default=None, hint="填了坐标就要注明")
    rooms: int | None = asks("房间数", default=None, ge=1, le=5000)
    e_bikes: bool | None = asks("停放电动自行车", default=None)
    separated: bool | None = asks("人车分离", default=None, hint="现场核实过才填“是”")
    contact_name: str | None = asks("负责人", default=None, hint="岗位或称呼，如：房东、店长", max_length=60)
    contact_phone: str | None = asks("负责人电话", default=None, max_length=30)
    note: str | None = asks(
        "备注", default=None, long=True, hint="只记场所情况，不记个人信息", max_length=500
    )

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, given: str) -> str:
        if given not in KINDS:
            raise ValueError("不在可选范围内")
        return given

    @field_validator("contact_phone")
    @classmethod
    def _real_phone(cls, given: str | None) -> str | None:
        if not given:
            return None
        number = phone(given)
        if number is None:
            raise ValueError("电话号码不对，如 13800000000 或 0757-28380000")
        return number


class Verified(Choice):
    """What of a place somebody looked at and found to be as the register says."""

    ADDRESS = "address", "地址"
    CONTACT = "contact", "负责人与电话"
    ROOMS = "rooms", "房间数"
    E_BIKES = "e_bikes", "电动自行车停放"
    POINT = "point", "坐标"


class VoidingInput(Input):
    reason: str = asks("原因", hint="如：已拆除、登记错误", min_length=4, max_length=200)


class VerifyInput(Input):
    what: list[Verified] = asks("核实了什么", min_length=1)
    via: str = asks("怎样找到这处", default="")

    @field_validator("via")
    @classmethod
    def _known_way(cls, given: str) -> str:
        if given not in Via:
            raise ValueError("不在可选范围内")
        return given


def point_fault(lon: float | None, lat: float | None, datum: Datum | None) -> FieldError | None:
    """What is wrong with a pair of coordinates as a whole, or None."""
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        return FieldError("lon" if lon is None else "lat", "经度和纬度须同时填写")
    if looks_swapped(lon, lat):
        return FieldError("lon", "经度和纬度像是填反了")
    if not in_china(lon, lat):
        return FieldError("lon", f"坐标 {lon},{lat} 不在中国境内，请检查")
    if datum is None:
        return FieldError("datum", "填了坐标须注明坐标系")
    return None
