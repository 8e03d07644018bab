"""Which photos an answer names: those of its photo and signature questions, of its nested parts, and of
the items of a checklist (`x-sheet`: `{"<code>": {"photos": [id, …]}}`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args
from uuid import UUID

from pydantic.fields import FieldInfo

from fengqiao.kit.inputs import Input
from fengqiao.kit.problems import BadInput

Named = tuple[str, UUID]  # (dotted field, photo)


def photo_ids(asked: type[Input], given: Mapping[str, Any], *, within: str = "") -> list[Named]:
    """`given` is an answer as it was checked or as an event keeps it. Raises BadInput for what is no id."""
    return list(_named(asked, given, within))


def _named(asked: type[Input], given: Mapping[str, Any], within: str) -> Iterator[Named]:
    for own, field in asked.model_fields.items():
        value = given.get(own)
        if value is not None:
            yield from _of_field(field, value, f"{within}{own}")


def _of_field(field: FieldInfo, value: Any, name: str) -> Iterator[Named]:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, Mapping) else {}
    if extra.get("x-photos") or extra.get("x-signature"):
        yield from _ids(value, name)
    elif extra.get("x-sheet"):
        yield from _of_sheet(value, name)
    elif (inner := _inner(field.annotation)) is not None:
        several = isinstance(value, list | tuple)
        for index, part in enumerate(value if several else [value]):
            yield from _named(inner, _plain(part), f"{name}.{index}." if several else f"{name}.")


def _of_sheet(value: Any, name: str) -> Iterator[Named]:
    for code, answer in value.items() if isinstance(value, Mapping) else ():
        if isinstance(answer, Mapping):
            yield from _ids(answer.get("photos") or (), f"{name}.{code}.photos")


def _ids(value: Any, name: str) -> Iterator[Named]:
    for one in value if isinstance(value, Iterable) and not isinstance(value, str) else [value]:
        try:
            yield name, one if isinstance(one, UUID) else UUID(str(one))
        except ValueError:
            raise BadInput.at(name, "照片编号格式不对") from None


def _plain(part: Any) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _inner(annotation: Any) -> type[Input] | None:
    """The nested input somewhere in an annotation: `X`, `X | None`, `list[X]`."""
    if isinstance(annotation, type) and issubclass(annotation, Input):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _inner(arg))), None)
