"""Problems as pages, in the user's words, with what to do next; and the living style page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.kit.problems import Problem
from fengqiao.pages.showcase import showcase

# What to do next, by status; a class of statuses answers for its members.
NEXT = {
    400: gettext_lazy("请返回上一页，检查后重试。"),
    401: gettext_lazy("请登录后再试。"),
    403: gettext_lazy("如确需办理，请与本所系统管理员或值班室联系。"),
    404: gettext_lazy("请核对地址或编号；该内容也可能不属于您的辖区。"),
    409: gettext_lazy("情况可能刚刚变化，请刷新页面查看最新进展。"),
    413: gettext_lazy("请缩小文件，或分几次提交。"),
    415: gettext_lazy("请换用页面上写明的文件格式。"),
    422: gettext_lazy("请按提示修改后重新提交。"),
    429: gettext_lazy("请稍等片刻再试。"),
    500: gettext_lazy("已记录这次故障。请稍后重试；急事请直接联系值班室。"),
}


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as a page, or as a fragment when htmx asked."""
    return _page(
        request,
        status=problem.status,
        title=_(problem.says),
        detail=_(problem.detail) if problem.detail else "",
        errors=problem.errors,
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, status=400, title=_("请求有误"), detail=_("服务器没有看懂这次请求。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, status=403, title=_("无权进行此操作"), detail=_("您的岗位没有这项权限。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, status=404, title=_("没有找到"), detail=_("这个地址下没有您可以查看的内容。"))


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, status=500, title=_("系统出了故障"), detail=_("这不是您的操作造成的。"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or the form came from elsewhere."""
    return _page(
        request,
        status=403,
        title=_("页面已失效"),
        detail=_("请返回上一页，刷新后重新提交；填写的内容没有丢失。"),
    )


def design(request: HttpRequest) -> HttpResponse:
    """Every component with sample data; wired in development only."""
    return render(request, "pages/design.html", showcase(request, at=timezone.now()))


def _page(request: HttpRequest, *, status: int, title: str, detail: str, errors: Any = ()) -> HttpResponse:
    """Rendered without context processors: a problem's page must not need the database."""
    problem = {
        "status": status,
        "title": title,
        "detail": detail if detail != title else "",
        "errors": errors,
        "next": NEXT.get(status, NEXT[500 if status >= 500 else 400]),
    }
    fragment = request.headers.get("HX-Request") == "true"
    template = "pages/problem.html" if fragment else "pages/error.html"
    return HttpResponse(render_to_string(template, {"problem": problem, "request": request}), status=status)
