"""What an import is made of: columns, rows as given, and a verdict for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from fengqiao.ground.models import Station
from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import FieldError

UNCHANGED = "无变化"
Kept = TypeVar("Kept")


class Standing(StrEnum):
    OK = "ok"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Context:
    """For whom, when and by whom a file is read. `by` is the caller's actor where one is signed in; the
    importers of rooms above may need it. `options` is the importer's `asks`, answered. `kept` is the
    importer's own, for as long as one process reads the file."""

    station: Station
    at: datetime
    filename: str = ""
    by: Any = None
    by_name: str = ""
    options: Any = None
    kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, made: Callable[[], Kept]) -> Kept:
        """What an importer reads or remembers once for a whole file, however many parts it is judged in."""
        if name not in self.kept:
            self.kept[name] = made()
        found: Kept = self.kept[name]
        return found


Choices = Sequence[str] | Callable[[Context], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: found by its header, an alias or its own name. `choices` are offered in the template,
    and a value outside them fails the row when `strict`. `day`: holds days, which a mapping reads."""

    name: str
    header: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""
    choices: Choices = ()
    strict: bool = False
    day: bool = False

    def offered(self, context: Context) -> Sequence[str]:
        return self.choices(context) if callable(self.choices) else self.choices


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row. `summary` says which row it is, `note` why it is skipped or what changes;
    `value` is what `write` needs, and is never stored."""

    number: int
    standing: Standing
    summary: str = ""
    note: str = ""
    faults: tuple[FieldError, ...] = ()
    value: Any = None

    def reason(self, headers: Mapping[str, str]) -> str:
        """One sentence for reports: each fault after its column's header, or the note."""
        said = [f"{headers.get(f.field, '')}：{f.says}".removeprefix("：") for f in self.faults]
        return "；".join(said) or self.note


@dataclass(slots=True)
class Given:
    """One row as read. An importer adds faults, then asks for the verdict."""

    number: int
    cells: dict[str, Any]
    faults: list[FieldError] = field(default_factory=list)

    def text(self, name: str) -> str:
        return str(self.cells.get(name) or "")

    def fault(self, name: str, says: str) -> None:
        """One fault per field is enough: the first."""
        if name not in {known.field for known in self.faults}:
            self.faults.append(FieldError(name, says))

    def ok(self, summary: str, value: Any, note: str = "") -> Verdict:
        return Verdict(self.number, Standing.OK, summary, note, value=value)

    def skipped(self, summary: str, note: str = UNCHANGED) -> Verdict:
        return Verdict(self.number, Standing.SKIPPED, summary, note)

    def failed(self, summary: str = "") -> Verdict:
        return Verdict(self.number, Standing.FAILED, summary, faults=tuple(self.faults))


@dataclass(frozen=True, slots=True)
class Importer:
    """`judge` gives one verdict per row and writes nothing; `write` gets those that are ok, in one transaction.

    `part` is how many rows may be judged and written apart from the others, each part in a transaction of
    its own, so that a large file can go on after a break; 0 where the rows of a file belong together.
    `unique` are columns, or columns together, in which no two rows of a table may be the same.
    `read` turns bytes into rows where the file is no table. `asks` are questions to the user besides
    the file, `answers` what they are when nobody was asked. `roles` may use it on the screen.
    """

    what: str
    says: str
    columns: tuple[Column, ...]
    judge: Callable[[list[Given], Context], list[Verdict]]
    write: Callable[[list[Verdict], Context], None]
    read: Callable[[bytes, Context], list[Given]] | None = None
    asks: type[Input] | None = None
    answers: Callable[[str], dict[str, Any]] = lambda _filename: {}
    accept: str = ".xlsx,.csv"
    about: str = ""
    roles: frozenset[str] = frozenset({"desk", "chief"})
    part: int = 0
    unique: tuple[tuple[str, ...], ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        return {column.name: column.header for column in self.columns}

    @property
    def tabular(self) -> bool:
        """Whether a template can be offered."""
        return ".xlsx" in self.accept

    @property
    def can_map(self) -> bool:
        """Whether somebody else's columns can be mapped: not where the importer reads files itself."""
        return self.tabular and self.read is None
