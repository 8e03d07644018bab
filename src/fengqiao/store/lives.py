"""What ends when: each declared life (`Life(event, days)`) has a runner that can date its event.

Rooms register their runners when they are ready; the retention run asks each of them, batch by batch, to
end what is past its day. A personal column whose event no runner knows fails the suite.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from fengqiao.store.declare import Data, DataClass, Life

ERASED, DELETED, KEY_DESTROYED = "清空", "删除", "销毁密钥"


@dataclass(frozen=True, slots=True)
class Gone:
    """One set of data past its day: how many of what, on which basis, ended in which way.

    `held` counts what is past its day and kept by a legal hold.
    """

    what: str
    says: str
    basis: str
    life: str
    method: str
    count: int
    held: int = 0


@dataclass(frozen=True, slots=True)
class Runner:
    """`due` counts and changes nothing; `end` ends up to `limit` in this transaction and says what it ended.

    `covers` says whether this runner keeps the day of a column with this declaration.
    """

    name: str
    covers: Callable[[type[Model], Data], bool]
    due: Callable[[datetime], list[Gone]]
    end: Callable[[datetime, int], list[Gone]]


_runners: dict[str, Runner] = {}


def register(runner: Runner) -> None:
    _runners[runner.name] = runner


def runners() -> tuple[Runner, ...]:
    return tuple(_runners[name] for name in sorted(_runners))


def has_end(model: type[Model], said: Data) -> bool:
    """Whether some runner will end a column that says this of itself."""
    return any(runner.covers(model, said) for runner in runners())


def must_end(said: Data) -> bool:
    """Data about persons, staff included, may not live for ever; the house's own log ends where it says so."""
    return said.personal or said.cls == DataClass.STAFF


@dataclass(frozen=True)
class Dated:
    """A model whose rows carry the moment of an event in `path`: its columns are emptied on their day.

    `words` gives a column that may not be empty what stands there instead; `whole` deletes the row.
    """

    model: type[Model]
    event: str
    path: str
    whole: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def runner(self) -> Runner:
        return Runner(f"{self.model._meta.db_table}:{self.event}", self._covers, self._due, self._end)

    def _covers(self, model: type[Model], said: Data) -> bool:
        return model is self.model and said.life.event == self.event and said.life.days is not None

    def _due(self, at: datetime) -> list[Gone]:
        return [
            gone for life, names in self._lives().items() if (gone := self._gone(life, names, at, None)).count
        ]

    def _end(self, at: datetime, limit: int) -> list[Gone]:
        return [
            gone
            for life, names in self._lives().items()
            if (gone := self._gone(life, names, at, limit)).count
        ]

    def _lives(self) -> dict[Life, list[Any]]:
        """The columns to empty, by their life; a shared declaration over numbers and times empties nothing."""
        found = defaultdict[Life, list[Any]](list)
        for column in self.model._meta.concrete_fields:
            own = getattr(column, "data", None)
            if isinstance(own, Data) and self._covers(self.model, own):
                found[own.life].append(column)
        return found

    def _gone(self, life: Life, columns: list[Any], at: datetime, limit: int | None) -> Gone:
        """With a limit, end them; without, count them."""
        assert life.days is not None
        past: QuerySet[Any] = self.model._default_manager.filter(
            **{f"{self.path}__lte": at - timedelta(days=life.days)}
        )
        if not self.whole:
            past = past.filter(self._still_there(columns))
        count = past.count() if limit is None else self._stop(past, columns, limit)
        said = columns[0].data
        return Gone(
            what=f"{self.model._meta.db_table}({', '.join(column.attname for column in columns)})",
            says=said.purpose,
            basis=said.basis,
            life=str(life),
            method=DELETED if self.whole else ERASED,
            count=count,
        )

    def _stop(self, past: QuerySet[Any], columns: list[Any], limit: int) -> int:
        batch = list(
            past.select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")
            .values_list("pk", flat=True)[:limit]
        )
        rows = self.model._default_manager.filter(pk__in=batch)
        if self.whole:
            return rows.delete()[0] if batch else 0
        return rows.update(**{column.attname: self._empty(column) for column in columns}) if batch else 0

    def _empty(self, column: Any) -> Any:
        return self.words.get(column.attname, None if column.null else "")

    def _still_there(self, columns: Iterable[Any]) -> Q:
        """Rows in which something is left; so a second run finds nothing."""
        left = Q()
        for column in columns:
            gone = Q(**{column.attname: self._empty(column)}) if self._empty(column) is not None else Q()
            gone |= Q(**{f"{column.attname}__isnull": True}) if column.null else Q()
            left |= ~gone
        return left


def together(found: Iterable[Gone]) -> list[Gone]:
    """Batches of one set added up, in the order they came."""
    sums: dict[tuple[str, str, str], Gone] = {}
    for gone in found:
        key = (gone.what, gone.life, gone.method)
        before = sums.get(key)
        sums[key] = replace(before, count=before.count + gone.count, held=gone.held) if before else gone
    return list(sums.values())
