"""A form drawn from a declared `Input`, filled, posted and read back; no Django form class per act.

The declaration in `kit.inputs` says what is asked. `BoundForm` adds what one rendering needs: the
value each field shows, the choices of the registers, the errors beside their fields. `given()` turns
the posted strings into what `kit.inputs.validate` expects; it converts, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.kit.inputs import Input, Question, nested, questions
from fengqiao.kit.problems import FieldError
from fengqiao.kit.sheets import Sheet
from fengqiao.pages.sheets import BoundItem, BoundSheet, given_answers

Pairs = Sequence[tuple[str, str]]
_SEVERAL = ("choices", "photos", "signature")  # answers that are lists
FEW = 5  # up to so many choices lie open as cards; more fold into a list


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as shown; `id` ties its label to its input."""

    id: str
    value: str
    says: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class BoundField:
    """One question with its value, as a template shows it. `shape` is the markup: see `_shape`."""

    question: Question
    name: str
    id: str
    shape: str
    type: str
    values: tuple[str, ...]
    options: tuple[Option, ...]
    error: str
    sheet: BoundSheet | None = None
    ghost: str = ""

    @property
    def says(self) -> str:
        return _in_language(self.question.says)

    @property
    def hint(self) -> str:
        return _in_language(self.question.hint)

    @property
    def required(self) -> bool:
        return self.question.required

    @property
    def stands_first(self) -> bool:
        return self.question.required or self.question.first

    @property
    def optional(self) -> bool:
        """Said beside its name. What is shown only where a fact holds is wanted there."""
        return not (self.question.required or self.question.only)

    @property
    def max_length(self) -> int | None:
        return self.question.max_length

    @property
    def wide(self) -> bool:
        """Whether it takes a whole line."""
        return self.shape == "photos" or (self.max_length or 0) >= 100

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def inputmode(self) -> str:
        return {"number": "numeric", "money": "decimal"}.get(self.question.widget, "")

    @property
    def unit(self) -> str:
        return _("元") if self.question.widget == "money" else ""

    @property
    def described_by(self) -> str:
        parts = [(self.error, "error"), (self.hint, "hint")]
        return " ".join(f"{self.id}-{part}" for shown, part in parts if shown)

    @property
    def focus_id(self) -> str:
        """Where the error summary's link leads: the field, or the first of its options."""
        return self.options[0].id if self.options and self.shape != "select" else self.id


class BoundForm:
    """The form of `asked`. `data` is what was posted, `initial` what to show before.

    `sources` gives the registers' choices by the name the declaration uses (`people`, `communities`).
    `sheets` gives the checklist of each question that asks one, by the question's name; what `initial` holds
    of its answers is shown as known rather than asked.
    `ghosts` gives the address of the picture shown beside a photo question, by the question's name.
    `facts` are what is known by the names of `matters.rules`; a question that hangs on one (`only`) is shown where it holds.
    `hidden` travels along unseen (an idempotency key). `prefix` parts several forms on one page.
    """

    def __init__(
        self,
        asked: type[Input],
        *,
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        errors: tuple[FieldError, ...] = (),
        sources: Mapping[str, Pairs] | None = None,
        sheets: Mapping[str, Sheet] | None = None,
        ghosts: Mapping[str, str] | None = None,
        hidden: Mapping[str, str] | None = None,
        facts: Mapping[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        self._questions = questions(asked)
        self._data = data
        self._initial = initial or {}
        self._sources = sources or {}
        self._sheets = sheets or {}
        self._errors = errors
        self._ghosts = ghosts or {}
        self.hidden = dict(hidden or {})
        self.prefix = prefix
        known = facts or {}
        self.fields = [self._bound(one) for one in self._questions if not one.only or known.get(one.only)]

    def __iter__(self) -> Iterator[BoundField]:
        return iter(self.fields)

    @property
    def asked_first(self) -> list[BoundField]:
        """What must be answered, and what has been; the rest may fold away."""
        return [field for field in self.fields if field not in self.asked_last]

    @property
    def asked_last(self) -> list[BoundField]:
        return [f for f in self.fields if not (f.stands_first or f.error or f.sheet or any(f.values))]

    @property
    def other_errors(self) -> list[str]:
        """What is wrong with the whole, or with a field this form does not show."""
        shown = {field.question.name for field in self.fields}
        return [_in_language(error.says) for error in self._errors if self._field_of(error) not in shown]

    @property
    def wrong_fields(self) -> list[BoundField | BoundItem]:
        """Each field with its error; of a checklist the items that are wrong, not the list."""
        found: list[BoundField | BoundItem] = []
        for field in self.fields:
            items = field.sheet.wrong if field.sheet else []
            found += items or ([field] if field.error else [])
        return found

    @property
    def multipart(self) -> bool:
        """Whether files come with it."""
        return any(field.shape in ("photos", "sheet") for field in self.fields)

    @property
    def is_wrong(self) -> bool:
        return bool(self._errors)

    def given(self) -> dict[str, Any]:
        """The posted strings as values for `validate`; what was left empty is left out."""
        data = self._data if self._data is not None else QueryDict()
        found: dict[str, Any] = {}
        for question in self._questions:
            if question.widget == "sheet":
                sheet = self._sheets.get(question.name)
                found[question.name] = given_answers(sheet, self._name(question), data) if sheet else {}
                continue
            texts = [text for text in map(str.strip, data.getlist(self._name(question))) if text]
            if texts and question.widget in _SEVERAL:
                found[question.name] = texts
            elif texts:
                found[question.name] = _read(question, texts[-1])
        return nested(found)

    def _name(self, question: Question) -> str:
        return f"{self.prefix}-{question.name}" if self.prefix else question.name

    def _field_of(self, error: FieldError) -> str:
        """`steps.0` is about `steps`; a prefix of the input (`payload.`) is passed over."""
        around = f".{error.field}."
        return next((q.name for q in self._questions if f".{q.name}." in around), "")

    def _values(self, question: Question) -> tuple[str, ...]:
        if question.widget == "sheet":
            return ()
        if self._data is not None:
            return tuple(self._data.getlist(self._name(question)))
        value = self._initial.get(question.name, question.default)
        many = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        return tuple(_shown(one) for one in many if one is not None)

    def _pairs(self, question: Question) -> Pairs:
        if question.widget == "yes_no":
            return [("true", _("是")), ("false", _("否"))] + ([] if _is_set(question) else [("", _("未知"))])
        return question.choices or self._sources.get(question.source, ())

    def _sheet(self, question: Question) -> BoundSheet | None:
        sheet = self._sheets.get(question.name)
        if sheet is None:
            return None
        around = [(e, f".{e.field}".partition(f".{question.name}.")) for e in self._errors]
        return BoundSheet(
            sheet,
            name=self._name(question),
            posted=self._data,
            known=self._initial.get(question.name) or {},
            errors={rest: e.says for e, (_before, found, rest) in around if found},
        )

    def _bound(self, question: Question) -> BoundField:
        name, values, pairs = self._name(question), self._values(question), self._pairs(question)
        field_id = f"f-{name}"
        chosen = set(values) or ({""} if question.widget == "yes_no" else set())
        return BoundField(
            question=question,
            name=name,
            id=field_id,
            shape=_shape(question, pairs),
            type={"date": "date", "time": "datetime-local"}.get(question.widget, "text"),
            values=values,
            options=tuple(
                Option(f"{field_id}-{index}", value, _in_language(says), value in chosen)
                for index, (value, says) in enumerate(pairs)
            ),
            sheet=self._sheet(question),
            ghost=self._ghosts.get(question.name, ""),
            error=next(
                (_in_language(e.says) for e in self._errors if self._field_of(e) == question.name), ""
            ),
        )


def _in_language(says: str) -> str:
    """Declarations speak Chinese; a kind's own catalogue carries the other languages."""
    return _(says) if says else ""


def _is_set(question: Question) -> bool:
    """A yes-or-no that must be answered, or has an answer already, needs no third choice."""
    return question.required or question.default is not None


def _shape(question: Question, pairs: Pairs) -> str:
    if question.widget == "sheet":
        return "sheet"
    if question.widget == "choices":
        return "checks"
    if question.widget in _SEVERAL:
        return "photos"
    if question.widget == "yes_no" or (question.choices and len(pairs) <= FEW):
        return "radios"
    if question.widget == "choice" and (pairs or question.source):
        return "select"
    return "long" if question.widget == "long" else "input"


def _shown(value: Any) -> str:
    """A value as its input element wants it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _read(question: Question, text: str) -> Any:
    """One posted text; numbers and times may come in full width, money with its sign and commas."""
    if question.widget in ("number", "money", "date", "time"):
        text = normalize("NFKC", text)
    if question.widget == "money":
        return text.replace(",", "").replace(" ", "").strip("¥元")
    return _moment(text) if question.widget == "time" else text


def _moment(text: str) -> datetime | str:
    """A local time of the station, made aware; what is no time stays text, for `validate` to refuse."""
    try:
        found = datetime.fromisoformat(text)
        return timezone.make_aware(found) if timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        return text
