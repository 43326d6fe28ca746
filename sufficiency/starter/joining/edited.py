"""A table of a model as it stands in its file, with some of its cells changed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sufficiency.model import Model
from sufficiency.tables.header import match_header
from sufficiency.tables.locate import DELIMITED, WORKBOOKS
from sufficiency.tables.read import named_cells
from sufficiency.tables.schema.inputs import INPUTS


class Edited:
    """A table in a CSV file or a sheet of a workbook. Rows are numbered as in the file; rows that are added come last.

    Raises InputError where the file cannot be read.
    """

    def __init__(self, model: Model, table: str) -> None:
        cells, self.located = named_cells(model, table)
        self.table = table
        self.writable = self.located.suffix in DELIMITED | WORKBOOKS
        self.changed = False
        names, _ = match_header(list(cells.frame.columns), INPUTS[table], cells.file)
        self._headings = dict(zip(names, cells.frame.columns, strict=True))
        self._frame = cells.frame.set_axis(names, axis=1)

    def has(self, column: str) -> bool:
        """Whether the file has this column."""
        return column in self._frame

    def write(self, row: int, column: str, value: str) -> None:
        """Put a value into a cell; a column that is not there is added."""
        if column not in self._frame:
            self._frame[column] = ""
        if self._frame.loc[row, column] != value:
            self._frame.loc[row, column] = value
            self.changed = True

    def add(self, cells: dict[str, str], like: int | None = None) -> int:
        """Add a row: the cells of the row `like`, or blanks, and over them `cells`; its number."""
        number = int(self._frame.index.max()) + 1 if len(self._frame) else 2
        blank = dict.fromkeys(self._frame.columns, "")
        self._frame.loc[number] = blank if like is None else self._frame.loc[like].to_dict()
        self.changed = True
        for column, value in cells.items():
            self.write(number, column, value)
        return number

    def frame(self) -> pd.DataFrame:
        """The table, with the headings of its file."""
        return self._frame.rename(columns=self._headings)

    @property
    def beside(self) -> Path:
        """The file that a new version goes to where this one must stay."""
        name = self.table if self.located.suffix in WORKBOOKS else self.located.path.stem
        return self.located.path.with_name(f"{name}.new.csv")


def in_figures(number: float) -> str:
    """A number as a cell: in pounds and pence, whole where it is whole."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
