"""The papers of a hazard: advice (D01), order (D03), re-inspection (D04), hand-off (D05), serious report (D06).

Each is issued by its act, under a number, and keeps its words. Places, posts and the names of police officers
who sign; nobody who lives there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, TypeAlias

from django.utils.timezone import localtime

from fengqiao.kinds.hazard.inputs import HandOffTo, HandOffWhy, ReinspectResult
from fengqiao.kinds.hazard.items import ordered_as, violation_of
from fengqiao.kinds.hazard.models import Hazard
from fengqiao.kit.documents import Block, Field, Fields, Grid, Head, Para, Picture, Pictures, Signatures
from fengqiao.matters.issued import Issued
from fengqiao.matters.models import Matter
from fengqiao.matters.numbering import number
from fengqiao.matters.paper import Paper
from fengqiao.matters.paper_content import Printing, pictures, signatories
from fengqiao.matters.subject_notice import subject_notice
from fengqiao.people.roles import Role

HazardPrinting: TypeAlias = Printing[Hazard]
STAFF = (Role.DESK, Role.CHIEF, Role.OFFICER, Role.AUXILIARY)
ANYONE = (*STAFF, Role.GRID_MEMBER)
NONE = "无"
_EBIKE = (
    "请把电动自行车移到室外或有物理隔离的停放充电区，不在门厅、走道、楼梯间、房间内停放和充电，蓄电池不上楼。"
)
# What the violations come to in plain words, by their code; said on the notice and the party's page.
ADVICE = {
    "ebike_indoors": _EBIKE,
    "ebike_charging_indoors": _EBIKE,
    "ebike_lift": _EBIKE,
    "separation": "请用实体墙把停放充电的地方与住人部分隔开，人车分流。",
    "dragged_wires": "请拆除私拉的电线，由有资质的人员安装带保护的充电设施。",
    "exits_free": "请立即清空疏散通道、安全出口，并保持畅通。",
    "grille_opening": "请在防盗网上开设可从内部开启的逃生口。",
    "extinguishers": "请按规定配足灭火器，放在看得见、拿得到的地方。",
    "equipment_missing": "请按规定配齐消防设施和标志。",
    "equipment_broken": "请修复或更换消防设施、器材和标志，并保持完好。",
    "electrics": "请停止违规使用，由有资质的人员整改电气线路、燃气用具和管路。",
    "partitions": "请拆除可燃材料分隔，改用不燃材料并砌(封)到顶。",
    "flammables": "请立即把易燃易爆物品移出居住建筑。",
}
GENERAL_ADVICE = "请按上面写明的问题整改，改好后拍照报告，等待复查。"


def advice(detail: Hazard) -> tuple[str, ...]:
    """Plain lines of what to do."""
    known = ADVICE.get(violation_of(detail.item, detail.checklist_version), GENERAL_ADVICE)
    return tuple(filter(None, (detail.advice, known)))


def notice(printing: HazardPrinting) -> tuple[Block, ...]:
    """D01: what is wrong, where, what to do, by when, whom to ask."""
    detail = printing.detail
    return (
        Fields((*_place(printing), Field("发现日期", _day(printing.matter.raised_at)), *_when(printing))),
        Head("一、隐患"),
        Grid(("项目", "部位", "问题", "照片"), (_item(detail),), (44, 30, 64, 18)),
        *_pictures(pictures("整改前", detail.photos)),
        Head("二、建议"),
        *(Para(says) for says in advice(detail)),
        Para("本单为安全提示，不是行政处罚，也不收取任何费用。整改后请告知下列联系人，本所将派员复查。"),
        Head("三、联系"),
        Fields(
            (
                Field("告知人", _poster(printing, "notify")),
                Field("联系电话", _phone(printing)),
                Field("告知日期", _day(printing.at)),
                Field("火警、报警", "119、110"),
            )
        ),
        Signatures(("被告知人签收：", "告知人：")),
        *_of_keeper(printing),
    )


def order(printing: HazardPrinting) -> tuple[Block, ...]:
    """D03: legal basis, what to correct, by when, what follows, where to turn against it."""
    detail, matter = printing.detail, printing.matter
    listed = ordered_as(detail.item, detail.checklist_version)
    ground = listed.basis if listed else detail.basis
    at_once = bool(detail.ordered_at_once)
    return (
        Para(f"{addressee(printing.detail)}:"),
        Para(
            f"经本所民警于{_day(matter.raised_at)}检查，发现你单位(个人)管理的{_where(printing)}{detail.spot}存在下列问题："
            f"{detail.finding}。上述情形属于“{listed.says if listed else detail.finding}”，违反了{ground}的规定。"
        ),
        Para(
            "根据《中华人民共和国消防法》第53条、第60条及有关规定，现责令你单位(个人)"
            + ("立即改正。" if at_once else f"于{_deadline(detail)}前改正。")
            + "改正内容："
            + "".join(advice(detail))
        ),
        Para(
            "逾期不改正或者拒不改正的，本所将依法移送消防救援机构处理，由其依法给予处罚；在改正期间，你单位(个人)应当采取措施，确保安全。"
        ),
        Para(
            "如不服本责令，可以自收到本通知书之日起六十日内依法申请行政复议，或者六个月内依法向人民法院提起行政诉讼。"
            "复议、诉讼期间不停止执行，法律另有规定的除外。"
        ),
        Fields(
            (
                Field("改正方式", "立即改正" if at_once else "限期改正"),
                Field("改正期限", _deadline(detail)),
                Field("承办民警", signatories(printing, "order"), wide=True),
                Field("警察证号", None),
                Field("联系电话", _phone(printing)),
            )
        ),
        Signatures(("被责令人签收：", "承办民警：", f"(印章){_day(printing.at)}")),
        *_of_keeper(printing),
    )


def reinspection(printing: HazardPrinting) -> tuple[Block, ...]:
    """D04: the paper it follows, each item with its result, the conclusion and the next step."""
    detail, said = printing.detail, _given(printing, "reinspect")
    result = dict(ReinspectResult.pairs()).get(detail.check_result, NONE)
    fixed = detail.check_result == ReinspectResult.FIXED.value
    onward = "五个工作日内第二次告知(期限不超过首次的一半)或移交消防救援机构、街道办事处。"
    return (
        Fields(
            (
                *_place(printing),
                Field("原文书编号", _issued_before(printing), wide=True),
                Field("原整改期限", _deadline(detail)),
                Field("复查时间", _moment(printing.at)),
            )
        ),
        Head("一、逐项复查"),
        Grid(
            ("项目", "部位", "原问题", "复查结果"),
            ((detail.item_says(), detail.spot, detail.finding, result),),
            (44, 28, 58, 26),
        ),
        Fields(
            (
                Field("复查情况", str(said.get("seen", NONE)), wide=True),
                Field("整改前照片", f"{len(detail.photos)} 张"),
                Field("整改后照片", f"{len(detail.after_photos)} 张"),
            )
        ),
        *_pictures(_side_by_side(detail)),
        Head("二、结论和下一步"),
        Para(f"结论：{result}。"),
        Para("下一步：" + ("三十日、九十日内突击回查，保持整改的予以销号。" if fixed else onward)),
        Fields((Field("复查人", _reinspectors(printing), wide=True),)),
        Signatures(("复查人：", "复查人：", "在场人：")),
    )


def handoff(printing: HazardPrinting) -> tuple[Block, ...]:
    """D05: to whom, which matter, the facts, what is enclosed; and the receipt to be sent back."""
    detail, said = printing.detail, _given(printing, "hand_off")
    to = dict(HandOffTo.pairs()).get(detail.handed_to, NONE)
    why = dict(HandOffWhy.pairs()).get(detail.handed_why, NONE)
    return (
        Para(f"{to}:"),
        Para(
            f"我所于{_day(printing.matter.raised_at)}在{_where(printing)}{detail.spot}发现{_severity(printing)}隐患："
            f"{detail.finding}。因{why}，现将该事项移交你单位依法处理。"
        ),
        Fields(
            (
                Field("事项编号", number(printing.matter)),
                Field("移交日期", _day(printing.at)),
                Field("事实和已做的工作", str(said.get("facts", NONE)), wide=True),
                Field(
                    "法律依据",
                    detail.basis or "《中华人民共和国消防法》第53条；公安机关办理行政案件程序规定第61条",
                    wide=True,
                ),
                Field("随附材料", str(said.get("attachments") or NONE), wide=True),
                Field("移交人", _poster(printing, "hand_off")),
                Field("联系电话", _phone(printing)),
            )
        ),
        Para("请在收到后十个工作日内填写下面的回执送回我所。"),
        Signatures(("", f"(单位印章){_day(printing.at)}")),
        Head("回  执"),
        Para(f"{printing.station}：{printing.number}收悉。"),
        Fields(
            (
                Field("接收单位", None),
                Field("接收时间", None),
                Field("接收人", None),
                Field("联系电话", None),
                Field("拟采取的措施", None, wide=True),
            )
        ),
        Signatures(("", "(接收单位印章)")),
    )


def serious(printing: HazardPrinting) -> tuple[Block, ...]:
    """D06: the place, the danger, what was ordered; to the street office and the fire rescue body."""
    detail, said = printing.detail, _given(printing, "report_serious")
    return (
        Para("街道办事处、消防救援机构："),
        Para(
            f"我所于{_day(printing.matter.raised_at)}检查发现，{_where(printing)}{detail.spot}存在重大火灾隐患：{detail.finding}。"
            "现将有关情况报告如下。"
        ),
        Head("一、场所"),
        Fields(_place(printing)),
        Head("二、危险性"),
        Para(str(said.get("danger", NONE))),
        Para(f"认定理由：{_given(printing, 'mark_major').get('why', NONE)}"),
        Head("三、已责令或采取的措施"),
        Para(str(said.get("ordered", NONE))),
        Para(f"已签发文书：{_issued_before(printing)}。整改期限：{_deadline(detail)}。"),
        Head("四、建议"),
        Para("请依法督促整改，必要时挂牌督办。我所将继续跟踪并及时报告。"),
        Signatures((f"报告人：{_poster(printing, 'report_serious')}", f"(单位印章){_day(printing.at)}")),
    )


def _pictures(found: tuple[Picture, ...]) -> tuple[Block, ...]:
    return (Pictures(found),) if found else ()


def _side_by_side(detail: Hazard) -> tuple[Picture, ...]:
    """The last two of each, what was found beside what it is now."""
    before = pictures("整改前", detail.photos, most=2)
    after = pictures("整改后", detail.after_photos, most=2)
    pairs = zip_longest(before, after)
    return tuple(one for pair in pairs for one in pair if one is not None)


def is_major(matter: Matter) -> bool:
    """Somebody found it to be a major fire hazard."""
    return Hazard.objects.filter(pk=matter.pk, major_at__isnull=False).exists()


def not_major(matter: Matter) -> bool:
    return not is_major(matter)


def addressee(detail: Hazard) -> str:
    """The place's manager by function, not by name."""
    premises = detail.matter.premises
    return f"{premises.name}的所有人、经营管理人" if premises else f"{detail.address}的所有人、使用人"


def _place(printing: HazardPrinting) -> tuple[Field, ...]:
    return (
        Field(
            "场所", printing.matter.premises.name if printing.matter.premises else _where(printing), wide=True
        ),
        Field("地址", printing.detail.address, wide=True),
        Field("责任主体", addressee(printing.detail), wide=True),
    )


def _of_keeper(printing: HazardPrinting) -> tuple[Block, ...]:
    """What is kept of whoever keeps the place."""
    return subject_notice(
        printing,
        purpose="消除这处隐患",
        held="姓氏、联系电话和签收情况",
        life="更换联系人后 30 天、办结后三年",
    )


def _when(printing: HazardPrinting) -> tuple[Field, ...]:
    return (Field("自行整改期限", _deadline(printing.detail)),)


def _item(detail: Hazard) -> tuple[str, ...]:
    return (
        detail.item_says(),
        detail.spot,
        detail.finding,
        f"{len(detail.photos)} 张" if detail.photos else NONE,
    )


def _where(printing: HazardPrinting) -> str:
    premises = printing.matter.premises
    return f"{premises.name}({printing.detail.address})" if premises else printing.detail.address


def _severity(printing: HazardPrinting) -> str:
    return printing.kind.level_says(printing.matter.level)


def _given(printing: HazardPrinting, act: str) -> dict[str, Any]:
    event = printing.event(act)
    return dict(event.given) if event else {}


def _poster(printing: HazardPrinting, act: str) -> str:
    event = printing.event(act)
    return printing.post_of(event.by_id) if event else NONE


def _reinspectors(printing: HazardPrinting) -> str:
    """Both by name after an order, else whoever looked by post."""
    ordered = printing.detail.ordered_at is not None
    return signatories(printing, "reinspect") if ordered else _poster(printing, "reinspect")


def _issued_before(printing: HazardPrinting) -> str:
    """The notice or order this one follows."""
    found = Issued.objects.filter(matter=printing.matter, paper__in=("notice", "order")).order_by("id")
    return "、".join(found.values_list("number", flat=True)) or NONE


def _phone(printing: HazardPrinting) -> str | None:
    """The station's; where it has told none, a line to write one on. 110 is for alarms."""
    return printing.matter.station.public_phone or None


def _deadline(detail: Hazard) -> str:
    over = detail.second_due_at or detail.due_at
    return _day(over - timedelta(minutes=1)) if over else NONE


def _day(when: datetime) -> str:
    local = localtime(when)
    return f"{local.year}年{local.month}月{local.day}日"


def _moment(when: datetime) -> str:
    return f"{localtime(when):%Y-%m-%d %H:%M}"


PAPERS = (
    Paper("notice", "安全隐患告知单", "D01", ANYONE, notice, mark="隐告", addressee=addressee),
    Paper("order", "责令改正通知书", "D03", STAFF, order, mark="责改", addressee=addressee),
    Paper("reinspection", "隐患整改复查记录", "D04", STAFF, reinspection, mark="复查"),
    Paper("handoff", "事项移交函", "D05", STAFF, handoff, mark="移函"),
    Paper("serious", "重大火灾隐患书面报告", "D06", STAFF, serious, when=is_major, mark="重患"),
)
