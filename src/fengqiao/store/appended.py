"""What is only ever added to: the application may insert and read such rows, never change or delete them.

`append_only` is read by `store.grants`, which takes the rights away, and by `store.sealing`, which seals
every such table by itself. A table whose rows are deleted by the owner at the
end of their life says after how many days (`forgotten_after`). `tx` is the writing transaction: whoever reads the tail waits by it for slower
writers, so that no row is skipped.
"""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast


def writing_transaction() -> Cast:
    """The number of the transaction that writes the row (xid8), as a column default."""
    return Cast(
        Cast(models.Func(function="pg_current_xact_id"), models.CharField()), models.BigIntegerField()
    )


class Appended(models.Model):
    """A row nobody may change. Abstract; a table gets an index on (station, tx, id) for the tail."""

    append_only = True

    tx = models.BigIntegerField(db_default=writing_transaction())

    class Meta:
        abstract = True


def append_only_models() -> list[type[models.Model]]:
    """Every model that says `append_only = True`, by the name of its table."""
    found = (model for model in apps.get_models() if getattr(model, "append_only", False))
    return sorted(found, key=lambda model: model._meta.db_table)
