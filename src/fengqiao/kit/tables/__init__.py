"""Tables in and out: XLSX and CSV as people send them, and as it is safe to send them back."""

from fengqiao.kit.tables.reading import read_table
from fengqiao.kit.tables.shape import Rounded, Row, Table, TableError
from fengqiao.kit.tables.writing import Sheet, write_csv, write_xlsx

__all__ = ["Rounded", "Row", "Sheet", "Table", "TableError", "read_table", "write_csv", "write_xlsx"]
