"""Who may see which places."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from django.db import models


class Viewer(Protocol):
    """Who is looking, as far as places are concerned; people's `Actor` is one."""

    @property
    def is_admin(self) -> bool: ...

    @property
    def sees_station(self) -> bool: ...

    @property
    def community_ids(self) -> Collection[int]: ...


class PremisesQuerySet(models.QuerySet[Any]):
    def seen_by(self, viewer: Viewer) -> PremisesQuerySet:
        """Desk and chief see the station's places, posts in a community that community's, administrators none."""
        if viewer.is_admin:
            return self.none()
        return self if viewer.sees_station else self.filter(community_id__in=viewer.community_ids)

    def standing(self) -> PremisesQuerySet:
        """Those still in the register."""
        return self.filter(voided_at=None)
