"""What an act asks: declared once as a pydantic model, read by every door.

The desk form, the phone form, the API schema and the command read the same `Input`, so they cannot
disagree. `questions()` is the form, `json_schema()` the API's view, `validate()` the gate.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Literal, Self, TypeVar, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticUndefined

from fengqiao.kit.problems import BadInput, FieldError
from fengqiao.kit.rules import Rule

Widget = Literal[
    "text",
    "long",
    "number",
    "money",
    "date",
    "time",
    "choice",
    "choices",
    "yes_no",
    "photos",
    "signature",
    "sheet",
]
TInput = TypeVar("TInput", bound="Input")


class Choice(StrEnum):
    """An enumeration whose members carry the words people read: `AWARE = "aware", "自主防范"`."""

    says: str

    def __new__(cls, value: str, says: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says or value
        return member

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """(value, words), for a column's `choices`."""
        return [(member.value, member.says) for member in cls]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema carries the words too (`x-says`): a phone draws the same form from it."""
        told = handler(schema)
        handler.resolve_ref_schema(told)["x-says"] = dict(cls.pairs())
        return told


# NUL and lone surrogates: valid JSON, but no database text can hold them.
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def _unstorable(value: Any) -> bool:
    if isinstance(value, str):
        return _NOT_TEXT.search(value) is not None
    if isinstance(value, Mapping):
        return any(_unstorable(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_unstorable(part) for part in value)


class Input(BaseModel):
    """Base of all inputs: unknown fields are refused, text is stripped, values are checked.

    `rules`: what has to hold between the answers; in the schema as `x-rules`, for forms without a network.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=2000, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _no_unstorable_text(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and any(_unstorable(value) for value in given.values()):
            raise ValueError("含有无法保存的字符")
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        told = handler(schema)
        if cls.rules:
            handler.resolve_ref_schema(told)["x-rules"] = [rule.told() for rule in cls.rules]
        return told


class Nothing(Input):
    """An act that asks nothing."""


def asks(
    says: str,
    *,
    default: Any = ...,
    hint: str = "",
    long: bool = False,
    personal: bool = False,
    source: str = "",
    known: bool = False,
    suggest: tuple[str, ...] = (),
    first: bool = False,
    sheet: bool = False,
    photos: bool = False,
    ghost: str = "",
    signature: bool = False,
    desk_only: bool = False,
    only: str = "",
    **limits: Any,
) -> Any:
    """Declare one question.

    `personal`: the answer is about a person, so it never stands in the event's plain facts.
    `source`: the choices come from a register (`people`, `communities`, `premises`), or one the kind itself declares.
    `known`: the system may hold the answer already; the form then shows it instead of asking.
    `first`: shown with what must be answered, though it may stay empty.
    `suggest`: common answers offered while typing; any other is as good.
    `photos`, `signature`: of a `list[UUID]`, the ids of photos sent before; of a signature exactly one.
    `ghost`: of photos, the column of the matter's detail whose last photo is shown beside the camera, so that the new
    one is taken from the same angle.
    `only`: the name of a fact (matters.rules); where it does not hold, no form shows the question.
    `sheet`: the answers to a checklist, on `dict[str, Any]`; which one is known to whoever draws the form,
    and `kit.sheets.judge` judges them.
    `desk_only`: papers and other systems tell it, nobody at a door does; the phone does not ask it, so it has a default.
    """
    extra: dict[str, Any] = {"x-long": long, "x-personal": personal, "x-source": source, "x-known": known}
    extra |= {"x-suggest": list(suggest), "x-photos": photos, "x-signature": signature, "x-sheet": sheet}
    extra |= {"x-ghost": ghost, "x-only": only, "x-desk-only": desk_only, "x-first": first}
    if signature:
        limits.setdefault("max_length", 1)
    return Field(
        default,
        title=says,
        description=hint or None,
        json_schema_extra={key: value for key, value in extra.items() if value},
        **limits,
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a form shows it. `choices` are (value, words) pairs."""

    name: str
    says: str
    widget: Widget
    required: bool
    hint: str = ""
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""
    personal: bool = False
    max_length: int | None = None
    suggest: tuple[str, ...] = ()
    known: bool = False
    first: bool = False
    ghost: str = ""
    only: str = ""


def _bare(annotation: Any) -> tuple[Any, bool]:
    """Strip `| None`; says whether it was there."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [arg for arg in get_args(annotation) if arg is not type(None)]
        return rest[0], len(rest) < len(get_args(annotation))
    return annotation, False


_WIDGETS: dict[Any, Widget] = {
    bool: "yes_no",
    int: "number",
    float: "number",
    Decimal: "money",
    date: "date",
    datetime: "time",
    UUID: "choice",
}


def _widget(kind: Any, extra: Mapping[str, Any]) -> Widget:
    """What the declaration marks comes first, then what the type says."""
    marked: tuple[Widget, ...] = ("photos", "signature", "sheet")
    for widget in marked:
        if extra.get(f"x-{widget}"):
            return widget
    if get_origin(kind) in (list, tuple):
        return "choices"
    if extra.get("x-source") or (isinstance(kind, type) and issubclass(kind, Choice)):
        return "choice"
    return _WIDGETS.get(kind, "long" if extra.get("x-long") else "text")


def _choices(kind: Any) -> tuple[tuple[str, str], ...]:
    if get_origin(kind) in (list, tuple):
        kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Choice):
        return tuple(kind.pairs())
    return ()


def questions(asked: type[Input], *, within: str = "", personal: bool = False) -> list[Question]:
    """The form of an input, in the order of its declaration; a nested input gives dotted names."""
    found = []
    for own, field in asked.model_fields.items():
        name = f"{within}{own}"
        kind, _optional = _bare(field.annotation)
        extra: Mapping[str, Any] = (
            field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        )
        if isinstance(kind, type) and issubclass(kind, Input):
            found += questions(kind, within=f"{name}.", personal=bool(extra.get("x-personal")))
            continue
        source = str(extra.get("x-source", ""))
        limits = [m.max_length for m in field.metadata if hasattr(m, "max_length")]
        found.append(
            Question(
                name=name,
                says=field.title or name,
                widget=_widget(kind, extra),
                required=field.is_required(),
                hint=field.description or "",
                default=None if field.default is PydanticUndefined else field.default,
                choices=_choices(kind),
                source=source,
                personal=personal or bool(extra.get("x-personal")),
                max_length=limits[0] if limits else None,
                suggest=tuple(extra.get("x-suggest", ())),
                known=bool(extra.get("x-known")),
                first=bool(extra.get("x-first")),
                ghost=str(extra.get("x-ghost", "")),
                only=str(extra.get("x-only", "")),
            )
        )
    return found


def personal_fields(asked: type[Input]) -> set[str]:
    """Names of the answers that are about a person, whole where a nested input is."""
    extras = {name: field.json_schema_extra for name, field in asked.model_fields.items()}
    return {name for name, extra in extras.items() if isinstance(extra, dict) and extra.get("x-personal")}


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"target.name": "x"}` to `{"target": {"name": "x"}}`: what a form's dotted names stand for."""
    whole: dict[str, Any] = {}
    for name, value in flat.items():
        *path, last = name.split(".")
        inner = whole
        for part in path:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return whole


@cache
def json_schema(asked: type[Input]) -> dict[str, Any]:
    """JSON Schema 2020-12 of the input, as the API and the phone read it. Shared: not to be changed."""
    return asked.model_json_schema()


_SAYS = {
    "missing": "必填",
    "extra_forbidden": "没有这一项",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_too_short": "至少 {min_length} 个字",
    "string_type": "应为文字",
    "string_pattern_mismatch": "格式不对",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "decimal_parsing": "应为金额数字",
    "decimal_type": "应为金额数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_max_digits": "数字过大",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_parsing": "应为是或否",
    "bool_type": "应为是或否",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "timezone_aware": "时间须带时区，如 2022-05-10T10:02:00+08:00",
    "datetime_parsing": "时间格式不对，如 2022-05-10T10:02:00+08:00",
    "datetime_from_date_parsing": "时间格式不对，如 2022-05-10T10:02:00+08:00",
    "date_from_datetime_parsing": "日期格式不对，如 2022-05-10",
    "date_parsing": "日期格式不对，如 2022-05-10",
    "uuid_parsing": "编号格式不对",
    "too_short": "至少选 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "model_type": "应为一组字段",
    "model_attributes_type": "应为一组字段",
    "list_type": "应为列表",
    "dict_type": "应为一组字段",
}


def _says(error: ErrorDetails) -> str:
    if error["type"] in ("value_error", "assertion_error"):
        return str(error.get("ctx", {}).get("error", error["msg"]))
    template = _SAYS.get(error["type"], "填写有误")
    return template.format_map({"max_length": "", "min_length": "", **error.get("ctx", {})})


def bad_input(errors: list[ErrorDetails], prefix: str = "") -> BadInput:
    """Turn pydantic's errors into one Problem that names every wrong field."""
    found = tuple(
        FieldError(".".join(filter(None, [prefix, *(str(part) for part in error["loc"])])), _says(error))
        for error in errors
    )
    first = found[0]
    return BadInput(f"{first.field}: {first.says}" if first.field else first.says, errors=found)


def validate(asked: type[TInput], given: Mapping[str, Any] | Any, *, prefix: str = "") -> TInput:
    """Check what was given; raises BadInput naming each wrong field."""
    try:
        return asked.model_validate(given)
    except ValidationError as error:
        raise bad_input(error.errors(include_url=False), prefix) from None
