"""Where a table stands in the workbook."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name


@dataclass(frozen=True)
class Place:
    """The sheet of a table, its row of headings, its first and last row of data (from 0), and its keys in order. The
    last row of a table without rows is before the first.
    """

    sheet: str
    head: int
    first: int
    last: int
    keys: tuple[str, ...]

    def column(self, key: str) -> int:
        """The column of a key, from 0."""
        return self.keys.index(key)

    def cells(self, key: str) -> str:
        """The data of a column, as formulas name them."""
        letter = xl_col_to_name(self.column(key), True)
        return f"'{self.sheet}'!{letter}${self.first + 1}:{letter}${self.last + 1}"
