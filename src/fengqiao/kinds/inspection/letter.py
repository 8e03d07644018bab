"""D07, the letter a landlord signs for one house, valid a year: the seven duties of order 24, worded so that no more
is asked about tenants than local law asks; and the duties against fire. What is not known is left to the hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.timezone import localdate

from fengqiao.ground.models import PremisesKind
from fengqiao.ground.tags import tag_code
from fengqiao.kinds.inspection import inputs
from fengqiao.kinds.inspection.models import Inspection
from fengqiao.kit.documents import Block, Field, Fields, Head, Para, Signatures
from fengqiao.kit.inputs import Nothing
from fengqiao.kit.problems import BadInput
from fengqiao.matters.models import Matter
from fengqiao.matters.paper_content import Printing
from fengqiao.matters.registry import Doing
from fengqiao.matters.subject_notice import subject_notice

DUTIES = (
    "不把房屋租给没有合法有效证件的人。",
    "与承租人签订租赁合同，合同写明双方的消防安全责任；提醒、协助承租人按本地规定办理居住登记。",
    "按本地居住登记规定报送承租人信息，只限姓名、证件种类和号码、联系方式、居住地址、入住和搬离时间；"
    "不收集职业、收入、工作单位等其他信息，不张贴、不外传。",
    "发现房屋内有违法犯罪活动或者嫌疑的，及时报告公安机关。",
    "经常检查房屋，及时消除隐患，保障居住安全。",
    "停止出租的，及时办理注销。",
    "委托他人管理的，代理人同样遵守本保证书，承担相应责任。",
)
FIRE_DUTIES = (
    "只出租符合消防安全要求的房屋；厨房、阳台、储藏间不作卧室出租，不用可燃材料分隔房间。",
    "保持楼梯间、走道、安全出口畅通，防盗网留有逃生口。",
    "不在门厅、走道、楼梯间、安全出口和房间内停放电动自行车、充电，不拉线充电，车和电池不进电梯；"
    "停放充电的地方与住人部分隔开，人车分流。",
    "配好灭火器、应急照明、烟感报警器，经常检查，保证能用。",
    "不乱拉电线、不超负荷用电，装有漏电保护；瓶装液化气按规定放置使用。",
    "承租人入住时讲明逃生路线和火警电话 119；收到隐患告知的，按期整改，配合复查。",
)


def for_letter(matter: Matter) -> bool:
    """A letter is signed for houses that are let."""
    return matter.premises is not None and matter.premises.kind == PremisesKind.RENTAL_HOUSE


def to_issue(matter: Matter) -> bool:
    """One letter a check; printing it again is another thing."""
    return for_letter(matter) and Inspection.objects.filter(pk=matter.pk, letter_on=None).exists()


def to_sign(matter: Matter) -> bool:
    """Issued, and nobody has brought it back signed."""
    waits = Inspection.objects.filter(pk=matter.pk, letter_on__isnull=False, letter_signed_on=None)
    return waits.exists()


def issue_letter(doing: Doing[Inspection], given: Nothing) -> None:
    """The letter is made out today, for a year."""
    doing.detail.letter_on = localdate(doing.at)
    doing.detail.letter_until = a_year_after(doing.detail.letter_on)


def letter_signed(doing: Doing[Inspection], given: inputs.LetterSignedInput) -> None:
    """The signed page is in the house, as a photo."""
    issued = doing.detail.letter_on
    assert issued is not None
    if not issued <= given.signed_on <= localdate(doing.at):
        raise BadInput.at("given.signed_on", f"应在出具({issued:%Y-%m-%d})以后、今天以前")
    doing.detail.letter_signed_on = given.signed_on


def letter(printing: Printing[Inspection]) -> tuple[Block, ...]:
    """The house and who lets it, the duties, the lines to sign."""
    return (
        Fields(tuple(_house(printing))),
        Para("本人(单位)出租上述房屋，已知悉并保证做到："),
        Head("一、治安责任"),
        *_numbered(DUTIES),
        Head("二、消防责任"),
        *_numbered(FIRE_DUTIES),
        Para(
            "本保证书一式两份，出租人(代理人)和派出所各一份。依据：租赁房屋治安管理规定第七条；"
            "中华人民共和国消防法；广东省实施《中华人民共和国消防法》办法。"
        ),
        Signatures(("出租人(代理人)签名：", "派出所经办人：")),
        Signatures(("签订日期：　　年　　月　　日", "")),
        *subject_notice(
            printing,
            purpose="落实出租房屋治安、消防责任",
            held="姓氏、联系电话、房屋地址",
            life="更换联系人后 30 天",
        ),
    )


def _house(printing: Printing[Inspection]) -> Iterator[Field]:
    place, detail = printing.matter.premises, printing.detail
    assert place is not None
    assert detail.letter_on is not None
    assert detail.letter_until is not None
    yield Field("房屋地址", place.address, wide=True)
    yield Field("登记编号", place.number)
    yield Field("门牌标签", tag_code(place))
    yield Field("出租人(代理人)", place.contact_name or None)
    yield Field("联系电话", place.contact_phone or None)
    yield Field("出租间数", f"{place.rooms} 间" if place.rooms else None)
    yield Field("用途", place.get_kind_display())
    yield Field("有效期", f"{_day(detail.letter_on)}至{_day(detail.letter_until)}", wide=True)


def _numbered(duties: tuple[str, ...]) -> Iterator[Para]:
    return (Para(f"({count}){duty}") for count, duty in enumerate(duties, 1))


def a_year_after(day: date) -> date:
    """The same day of the next year; after 29 February the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
