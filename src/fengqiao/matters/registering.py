"""Registering a kind: its page for every door, and its intake as a file where it has one."""

from __future__ import annotations

from fengqiao.ground import importing
from fengqiao.matters.files import importer_of
from fengqiao.matters.registry import Kind, add


def register(kind: Kind) -> None:
    """Called once, by the kind's app when it is ready."""
    add(kind)
    if kind.file:
        importing.register(importer_of(kind))
