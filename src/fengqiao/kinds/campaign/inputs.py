"""What each step asks, once for desk, phone and API."""

from __future__ import annotations

from datetime import date

from fengqiao.ground.models import PremisesGrade, PremisesKind
from fengqiao.kit.inputs import Choice, Input, asks

Kinds = Choice("Kinds", {value.upper(): (value, str(says)) for value, says in PremisesKind.choices})  # type: ignore[call-overload]
