"""Linked tables as one system: cells, and the rows that hold between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy import sparse

from sufficiency.arrays import Flags, Floats, Ints

Cell = tuple[str, ...]
"""Name of a cell: table, column, scenario, year, then the cells of its row; blank: all of them together."""
HEAD = 4
"""Parts of a name before those of its row."""


@dataclass(frozen=True)
class System:
    """Cells of tables that are published together, and what holds between them.

    `rows` @ values lies between `lower` and `upper` [m]; `why` says in words what each row is. `adds_up` [m] is the
    cell that a row adds up from others, −1 where it is no such row; a total's parts are added up before it.
    """

    cells: tuple[Cell, ...]
    rows: sparse.csr_matrix
    lower: Floats
    upper: Floats
    why: tuple[str, ...]
    adds_up: Ints

    @property
    def total(self) -> Flags:
        """[n] the cells that a row adds up from others."""
        marked = np.zeros(len(self.cells), dtype=bool)
        marked[self.adds_up[self.adds_up >= 0]] = True
        return marked

    @property
    def place(self) -> dict[Cell, int]:
        """Position of each cell."""
        return {cell: number for number, cell in enumerate(self.cells)}

    def values_of(self, known: Mapping[Cell, float]) -> Floats:
        """[n] a value for each cell. Raises KeyError where one is not known."""
        return np.array([known[cell] for cell in self.cells], dtype=float)

    def added_up(self, known: Mapping[Cell, float]) -> Floats:
        """[n] the known values of the cells, 0 where one is not known, and their totals."""
        values = np.array([known.get(cell, 0.0) for cell in self.cells], dtype=float)
        for row in np.flatnonzero(self.adds_up >= 0):
            positions = slice(self.rows.indptr[row], self.rows.indptr[row + 1])
            whole, parts = self.adds_up[row], self.rows.indices[positions]
            values[whole] = self.rows.data[positions][parts != whole] @ values[parts[parts != whole]]
        return values

    def misses(self, values: Floats) -> Floats:
        """[m] by how much each row is missed."""
        sums: Floats = self.rows @ values
        return np.asarray(np.maximum(np.maximum(self.lower - sums, sums - self.upper), 0.0))


@dataclass
class Builder:
    """Cells and rows, one after the other."""

    place: dict[Cell, int] = field(default_factory=dict)
    _rows: list[tuple[dict[int, float], float, float, str]] = field(default_factory=list)
    _adds_up: list[int] = field(default_factory=list)

    def cell(self, *name: str) -> int:
        """The position of a cell, which is added where it is new."""
        return self.place.setdefault(name, len(self.place))

    def add(self, parts: Mapping[int, float], lower: float, upper: float, why: str) -> None:
        """A row: the sum of weight × cell lies between `lower` and `upper`."""
        self._rows.append((dict(parts), lower, upper, why))
        self._adds_up.append(-1)

    def total(self, whole: int, parts: Iterable[int], why: str) -> None:
        """A cell that is the sum of others."""
        row = {whole: -1.0}
        for part in parts:
            row[part] = row.get(part, 0.0) + 1.0
        self.add(row, 0.0, 0.0, why)
        self._adds_up[-1] = whole

    def equal(self, left: Iterable[int], right: Iterable[int], why: str) -> None:
        """Two sums of cells that are the same."""
        row: dict[int, float] = {}
        for sign, cells in ((1.0, left), (-1.0, right)):
            for cell in cells:
                row[cell] = row.get(cell, 0.0) + sign
        if row:
            self.add(row, 0.0, 0.0, why)

    def cross(self, head: Cell, rows: Sequence[tuple[str, ...]]) -> None:
        """A table of `rows` (a row: the cells of its key columns) with its totals over every set of those columns;
        `head`: table, column, scenario, year.
        """
        width = len(rows[0]) if rows else 0
        finest = [self.cell(*head, *row) for row in rows]
        for size in range(width):
            for chosen in combinations(range(width), size):
                parts: dict[tuple[str, ...], list[int]] = {}
                for row, cell in zip(rows, finest, strict=True):
                    name = tuple(part if at in chosen else "" for at, part in enumerate(row))
                    parts.setdefault(name, []).append(cell)
                for name, cells in parts.items():
                    self.total(self.cell(*head, *name), cells, f"totals of {head[0]}.{head[1]}")

    def system(self) -> System:
        """What has been built."""
        count = [len(row) for row, *_ in self._rows]
        starts = np.concatenate([[0], np.cumsum(count, dtype=np.int64)])
        columns = np.array([cell for row, *_ in self._rows for cell in row], dtype=np.int64)
        weights = np.array([weight for row, *_ in self._rows for weight in row.values()], dtype=float)
        matrix = sparse.csr_matrix((weights, columns, starts), shape=(len(self._rows), len(self.place)))
        lower = np.array([lower for _, lower, _, _ in self._rows], dtype=float)
        upper = np.array([upper for _, _, upper, _ in self._rows], dtype=float)
        why, adds_up = tuple(why for *_, why in self._rows), np.array(self._adds_up, dtype=np.int64)
        return System(tuple(self.place), matrix, lower, upper, why, adds_up)


def in_words(cell: Cell) -> str:
    """A cell as people read it: `gaps.awaiting, 2027, North, ASD`."""
    table, column, scenario, *row = cell
    where = ", ".join(part for part in row if part)
    return f"{table}.{column}" + (f" ({where})" if where else "") + (f" in {scenario}" if scenario != "base" else "")
