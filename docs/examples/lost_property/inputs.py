"""What each step asks."""

from __future__ import annotations

from fengqiao.kit.inputs import Input, asks


class FoundInput(Input):
    what: str = asks("物品", min_length=1, max_length=80)
    community: str = asks("社区", source="communities", max_length=12)
    finder_phone: str | None = asks("拾得人电话", default=None, personal=True, max_length=30)


class GiveBackInput(Input):
    proof: str = asks("认领依据", hint="如：说出物品特征", min_length=4, max_length=200)
