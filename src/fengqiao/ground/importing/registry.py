"""The importers there are. Rooms register theirs when the program starts."""

from __future__ import annotations

from fengqiao.ground.importing.shape import Importer
from fengqiao.kit.problems import NotFound

_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Registering the same one twice is harmless; two of one name are not."""
    known = _importers.setdefault(importer.what, importer)
    if known is not importer:
        raise ValueError(f"two importers named {importer.what}")


def importers() -> list[Importer]:
    return list(_importers.values())


def importer(what: str) -> Importer:
    """Raises NotFound naming what can be imported."""
    try:
        return _importers[what]
    except KeyError:
        raise NotFound(f"不能导入“{what[:20]}”，可导入：{'、'.join(sorted(_importers))}") from None
