"""What is asked about a checklist besides its items."""

from __future__ import annotations

from fengqiao.ground.models import PremisesKind
from fengqiao.kit.inputs import Choice, Input, asks

# The register's kinds of place, as choices of a form; the words are the register's own.
KindOfPlace = Choice("KindOfPlace", {kind.name: (kind.value, str(kind.label)) for kind in PremisesKind})  # type: ignore[arg-type]

SLUG = r"^[\w-]+$"


class ListInput(Input):
    name: str = asks("名称", min_length=1, max_length=80)
    kinds: list[KindOfPlace] = asks("适用场所", default=[], hint="这类场所例行检查时用这份清单")  # type: ignore[valid-type]


class FileInput(Input):
    """Which list a file is a version of; a list there is keeps its name and use."""

    slug: str | None = asks(
        "清单代码",
        default=None,
        hint="同一代码为同一份清单，再次导入即为新版本；不填则取文件名",
        max_length=60,
        pattern=SLUG,
    )
    name: str | None = asks("名称", default=None, hint="新清单的名称；不填则同代码", max_length=80)
    kinds: list[KindOfPlace] = asks("适用场所", default=[], hint="只用于新清单")  # type: ignore[valid-type]
    note: str = asks("版本说明", default="", hint="这一版改了什么", max_length=200)
