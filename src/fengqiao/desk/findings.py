"""What the misuse detector tells, to the chief and the audit administrator; the chief says what it was."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fengqiao.kit.problems import BadInput
from fengqiao.people import auditing
from fengqiao.people.doors import actor, allowed
from fengqiao.people.roles import Role

A_PAGE = 20
STORIES = {
    "ex_partner": (
        gettext_lazy("反复查看同一事项"),
        gettext_lazy("并非经办，却三次以上打开同一事项的人员信息"),
    ),
    "selling": (
        gettext_lazy("用量远超平常"),
        gettext_lazy("一天里查看或导出的数量，远高于本人和同事的平常用量"),
    ),
    "crowd": (gettext_lazy("一事多人围观"), gettext_lazy("一天里五人以上查看同一事项，其中多人并非经办")),
    "shared_account": (
        gettext_lazy("疑似共用账号"),
        gettext_lazy("十分钟内，同一账号从不同地点的两台设备登录"),
    ),
    "leaver": (gettext_lazy("离任前后使用"), gettext_lazy("离任前集中查看或导出，或权限结束后仍有使用")),
}
LOGS = {
    "look": gettext_lazy("查看"),
    "export": gettext_lazy("导出"),
    "opening": gettext_lazy("紧急查看"),
    "signin": gettext_lazy("登录"),
}


@allowed(Role.CHIEF, Role.AUDIT_ADMIN)
def findings(request: HttpRequest) -> HttpResponse:
    open_only = request.GET.get("standing") != "all"
    told = auditing.findings(at=timezone.now())
    shown = [one for one in told if not (open_only and one.review)]
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [
            {
                "told": one,
                "says": STORIES[one.finding.story][0],
                "means": STORIES[one.finding.story][1],
                "behind": [(LOGS[log], row) for log, row in one.rows][-30:],
            }
            for one in page
        ],
        "days": auditing.LOOKED_BACK.days,
        "tabs": [
            {
                "url": "?",
                "says": _("待核查"),
                "active": open_only,
                "count": sum(not one.review for one in told),
            },
            {"url": "?standing=all", "says": _("全部"), "active": not open_only, "count": len(told)},
        ],
        "may_review": Role.CHIEF in actor(request).roles,
    }
    return render(request, "desk/findings.html", context)


@require_POST
@allowed(Role.CHIEF)
def review_finding(request: HttpRequest) -> HttpResponse:
    key, reason = request.POST.get("finding", "")[:120].replace("\x00", ""), request.POST.get("reason", "")
    try:
        auditing.review_finding(key=key, by=actor(request), reason=reason, at=timezone.now())
    except BadInput as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("核查结果已记录"))
    return redirect("desk:findings")


urlpatterns: list[URLPattern] = [
    path("audit/findings", findings, name="findings"),
    path("audit/findings/review", review_finding, name="review_finding"),
]
