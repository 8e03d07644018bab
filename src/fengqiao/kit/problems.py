"""The catalogue of expected failures: one class, one stable code, one HTTP status, one Chinese title.

Rooms raise them, doors render them (RFC 9457 for the API, a sentence on a page). Whatever is not
in this catalogue is a surprise and answers 500.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of an input; `field` is a dotted path (`target.phone`)."""

    field: str
    says: str


class Problem(Exception):
    """Something a user may meet and can act upon. `detail` says what to do, in the user's words."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    says: ClassVar[str] = "请求有误"

    def __init__(self, detail: str = "", *, errors: tuple[FieldError, ...] = (), **facts: Any) -> None:
        super().__init__(detail or self.says)
        self.detail = detail
        self.errors = errors
        self.facts = facts

    def body(self) -> dict[str, Any]:
        """RFC 9457 members: type, title, status, detail, plus `code` and, for bad input, `errors`."""
        body: dict[str, Any] = {
            "type": f"urn:fengqiao:problem:{self.code}",
            "title": self.says,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or self.says,
        }
        if self.errors:
            body["errors"] = [{"field": e.field, "says": e.says} for e in self.errors]
        return body | self.facts


class BrokenRequest(Problem):
    code, status, says = "broken_request", 400, "请求内容无法解析"


class SignInNeeded(Problem):
    code, status, says = "sign_in_needed", 401, "请先登录"


class Forbidden(Problem):
    """The caller may see the thing but may not do this with it; `detail` says why."""

    code, status, says = "forbidden", 403, "无权进行此操作"


class NotFound(Problem):
    """Absent, or not the caller's to see: the two must look the same."""

    code, status, says = "not_found", 404, "没有找到"


class OutOfTurn(Problem):
    code, status, says = "out_of_turn", 409, "当前环节不能进行此操作"


class KeyReused(Problem):
    code, status, says = "key_reused", 409, "同一编号已用于不同的内容"


class WordsDestroyed(Problem):
    """The matter's personal words are gone for good; nothing about a person can be added to it."""

    code, status, says = "words_destroyed", 409, "个人信息已按期销毁，请登记新事项"


class ReferenceReused(Problem):
    code, status, says = "reference_reused", 409, "同一来文编号已有不同内容的事项"


class TooLarge(Problem):
    code, status, says = "too_large", 413, "内容过大"


class UnsupportedFile(Problem):
    code, status, says = "unsupported_file", 415, "不支持的文件"


class BadInput(Problem):
    code, status, says = "bad_input", 422, "填写有误"

    @classmethod
    def at(cls, field: str, says: str) -> BadInput:
        """One wrong field, in one line."""
        return cls(says, errors=(FieldError(field, says),))


class TooMany(Problem):
    code, status, says = "too_many", 429, "操作过于频繁，请稍后再试"
