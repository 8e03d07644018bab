"""Importing files in two steps: read and judge every row, then write exactly the rows that were found good.

Knows no kind of row: each importer says its columns, how a row is judged and how the good ones are
written. Rooms above register theirs in their app's `ready`.
"""

from fengqiao.ground.importing.registry import importer, importers, register
from fengqiao.ground.importing.runs import (
    Report,
    commit,
    one_run,
    past_their_day,
    preview,
    purge,
    recent,
    report,
    trial,
)
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Standing, Verdict
from fengqiao.ground.importing.sheets import failed_rows, template

__all__ = [
    "Column",
    "Context",
    "Given",
    "Importer",
    "Report",
    "Standing",
    "Verdict",
    "commit",
    "failed_rows",
    "importer",
    "importers",
    "one_run",
    "past_their_day",
    "preview",
    "purge",
    "recent",
    "register",
    "report",
    "template",
    "trial",
]
