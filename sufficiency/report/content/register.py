"""The figures of a result, read from its tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from sufficiency.report.content.figure import Cell, Figure, Kind, in_words
from sufficiency.report.content.kinds import KINDS
from sufficiency.result import Result


class Register:
    """The figures of a result by their id."""

    def __init__(self, result: Result, kinds: Sequence[Kind] = KINDS, *, scenario: str = "", folder: str = "") -> None:
        """`kinds`: which figures. Of another `scenario`: ids begin with its name, tables with the `folder` it is in, as
        seen from that of the report's own result.
        """
        self._prefix = f"{scenario}/" if scenario else ""
        made = figures(result, kinds)
        if scenario:
            made = [replace(one, id=f"{self._prefix}{one.id}", table=f"{folder}/{one.table}") for one in made]
        self._by_id = {one.id: one for one in made}

    def __contains__(self, name: str) -> bool:
        return self._prefix + name in self._by_id

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._by_id.values())

    def get(self, name: str) -> Figure | None:
        """A figure; None where there is none."""
        return self._by_id.get(self._prefix + name)

    def text(self, name: str) -> str:
        """A figure as it is printed; nothing where there is none."""
        figure = self.get(name)
        return "" if figure is None else figure.text

    def value(self, name: str) -> float:
        """A figure in full; 0 where there is none."""
        figure = self.get(name)
        return 0.0 if figure is None else figure.value

    def of(self, kind: str) -> list[Figure]:
        """The figures whose id begins with a kind."""
        return [one for one in self if one.id.startswith(f"{self._prefix}{kind}.")]


def figures(result: Result, kinds: Sequence[Kind] = KINDS) -> list[Figure]:
    """Every figure of these kinds in a result, in the order of `kinds`. Cells without a number are left out, and so are
    kinds and columns that the tables do not have: those of a release have fewer.
    """
    return [one for kind in kinds for one in _of_kind(result, kind)]


def _of_kind(result: Result, kind: Kind) -> Iterator[Figure]:
    if kind.table not in result.frames:
        return
    rows = result.frames[kind.table]
    shown = [column for column in kind.columns if column in rows]
    if not shown or not {*kind.by, *kind.where} <= {*rows}:
        return
    for column, cell in kind.where.items():
        rows = rows[rows[column] == cell]
    for row in kind.pick(result, rows).to_dict("records"):
        apart = {column: _plain(row[column]) for column in kind.by}
        for column in shown:
            if not pd.isna(row[column]):
                yield Figure(
                    id=kind.id_of(column, apart),
                    text=in_words(float(row[column]), kind.unit),
                    value=float(row[column]),
                    unit=kind.unit,
                    table=kind.table,
                    row={**kind.where, **apart},
                    column=column,
                )


def _plain(cell: object) -> Cell:
    """A cell that names a row as JSON knows it; blank where there is none."""
    if isinstance(cell, str):
        return cell
    return "" if pd.isna(cell) else int(cell)  # type: ignore[call-overload]
