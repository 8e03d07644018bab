"""Importing files in two steps: read and judge every row, then write exactly the rows that were found good.

Knows no kind of row: each importer says its columns, how a row is judged and how the good ones are
written. Rooms above register theirs in their app's `ready`.
"""

from fengqiao.ground.importing.carrying import carry, unfinished
from fengqiao.ground.importing.guessing import guess
from fengqiao.ground.importing.mapping import ColumnMap, read_mapping, read_mapping_file
from fengqiao.ground.importing.parts import Report, Verdicts
from fengqiao.ground.importing.registry import importer, importers, register
from fengqiao.ground.importing.runs import (
    arrive,
    begin,
    begin_commit,
    commit,
    mapping_of,
    one_run,
    past_their_day,
    preview,
    preview_mapped,
    purge,
    recent,
    report,
    table_kept,
    trial,
)
from fengqiao.ground.importing.saved import known_by_headers, save_mapping, saved_mapping, saved_mappings
from fengqiao.ground.importing.shape import Column, Context, Given, Importer, Standing, Verdict
from fengqiao.ground.importing.sheets import failed_rows, template

__all__ = [
    "Column",
    "ColumnMap",
    "Context",
    "Given",
    "Importer",
    "Report",
    "Standing",
    "Verdict",
    "Verdicts",
    "arrive",
    "begin",
    "begin_commit",
    "carry",
    "commit",
    "failed_rows",
    "guess",
    "importer",
    "importers",
    "known_by_headers",
    "mapping_of",
    "one_run",
    "past_their_day",
    "preview",
    "preview_mapped",
    "purge",
    "read_mapping",
    "read_mapping_file",
    "recent",
    "register",
    "report",
    "save_mapping",
    "saved_mapping",
    "saved_mappings",
    "table_kept",
    "template",
    "trial",
    "unfinished",
]
