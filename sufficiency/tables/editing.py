"""Tables while a scenario changes them: rows edited, added and removed, one change after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.problems import did_you_mean
from sufficiency.tables.change import ChangeError, changed, matching_rows, new_row, removed, with_rows
from sufficiency.tables.schema.inputs import INPUTS

if TYPE_CHECKING:
    from typing import Any

    from sufficiency.model import Model
    from sufficiency.model.scenarios import Addition, Edit, Removal
    from sufficiency.tables import Tables
    from sufficiency.tables.schema.columns import TableSpec


class Editing:
    """`frames` by table, and `filled`: by `table.column`, the rows that another table filled in."""

    def __init__(self, model: Model, tables: Tables) -> None:
        self.model = model
        self.frames, self.filled = dict(tables.frames()), dict(tables.filled)

    def edit(self, edit: Edit) -> None:
        """Change the rows that an edit finds. Raises ChangeError."""
        spec, frame = _spec(edit.table), self.there(edit.table)
        self.frames[edit.table] = changed(spec, self.model, frame, edit)
        said = [name for name in edit.set if f"{edit.table}.{name}" in self.filled]
        if said:
            self._said(edit.table, said, frame.index[matching_rows(spec, self.model, frame, edit.where)])

    def row(self, addition: Addition) -> dict[str, Any]:
        """The values of a row to add. Raises ChangeError."""
        return new_row(_spec(addition.table), self.model, self.frames.get(addition.table), addition.row)

    def add(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Put rows (`row`) under a table."""
        self.frames[table] = with_rows(INPUTS[table], self.frames.get(table), rows)
        self._said(table, rows[0], self.frames[table].index[-len(rows) :])

    def remove(self, removal: Removal) -> None:
        """Take out the rows that a removal finds. Raises ChangeError."""
        spec, frame = _spec(removal.table), self.there(removal.table)
        self.frames[removal.table] = removed(spec, self.model, frame, removal.where)

    def there(self, table: str) -> pd.DataFrame:
        """A table of the model. Raises ChangeError where it has none of this name."""
        if table not in self.frames:
            raise ChangeError(f"the model has no {table} table", f"add {table} to [tables]")
        return self.frames[table]

    def blank_again(self) -> dict[str, pd.DataFrame]:
        """The frames without what was filled in from other tables: it is filled in again from these later."""
        frames = dict(self.frames)
        for column, rows in self.filled.items():
            table, name = column.split(".")
            if table in frames:
                frame = frames[table]
                frames[table] = frame.assign(**{name: frame[name].mask(frame.index.isin(rows), "")})
        return frames

    def _said(self, table: str, names: Iterable[str], rows: pd.Index) -> None:
        """Cells that a scenario says itself follow nothing."""
        said = {f"{table}.{name}" for name in names}
        self.filled = {
            column: blank.difference(rows) if column in said else blank for column, blank in self.filled.items()
        }


def _spec(table: str) -> TableSpec:
    if table not in INPUTS:
        raise ChangeError("there is no table of this name", did_you_mean(table, INPUTS), table)
    return INPUTS[table]
