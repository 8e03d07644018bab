"""The photos an answer names become the matter's."""

from __future__ import annotations

from fengqiao.evidence.commands import attach
from fengqiao.kit.inputs import Input
from fengqiao.kit.photos import photo_ids
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.store.vault import Key


def attach_answered(matter: Matter, asked: Input, *, vault: Key, by: Actor, within: str = "") -> None:
    """Nothing is asked of the database where the answer names none. Raises BadInput, before anything is
    written, for one that is not there, not this person's, or another matter's."""
    found = photo_ids(type(asked), asked.model_dump(), within=within)
    attach(found, subject=matter.pk, key=vault, by=by, parent=matter.parent_id)
