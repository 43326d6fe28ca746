"""Numbers as DfE and ONS publish them: plain, with thousands commas, or a mark in place of a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.codes import FIRST_NCY, LAST_NCY
from sufficiency.problems import Problem

MARKS = frozenset({"", "x", "z", "c", "u", "w", ":", "~", "k", "-", "..", "low", "n/a", "na", "null", "nan"})
"""`x` not available, `z` not applicable, `c` confidential, `u` unreliable, `w` none recorded, `:` or `~` not available
in other releases; in brackets too (`[x]`), as the Government Statistical Service writes them.
"""
OLDEST = LAST_NCY + 5
YOUNGEST = FIRST_NCY + 4


def numbers(cells: pd.Series[Any]) -> pd.Series[float]:
    """The numbers of a column; NaN for a mark, and for what is no number at all."""
    text = cells.fillna("").astype(str).str.strip().str.replace(",", "", regex=False)
    return pd.to_numeric(text.where(~_marked(text)), errors="coerce").astype("float64")


def strange(cells: pd.Series[Any]) -> pd.Series[Any]:
    """The cells that are neither a number nor a known mark."""
    text = cells.fillna("").astype(str).str.strip()
    return cells[numbers(cells).isna() & ~_marked(text)]


def _marked(text: pd.Series[str]) -> pd.Series[bool]:
    return text.str.casefold().str.replace(r"^\[(.*)\]$", r"\1", regex=True).isin(MARKS)


@dataclass(frozen=True)
class Numbers:
    """Reads columns of the file `called` as numbers, NaN for marks; cells that are neither are added to `notes`."""

    called: str
    notes: list[Problem]

    def __call__(self, cells: pd.Series[Any]) -> pd.Series[float]:
        """The numbers of a column, whose name and row numbers (its index) the notes give."""
        odd = strange(cells)
        if len(odd):
            what = "not a number nor a mark of the publisher: not counted"
            row, value = int(str(odd.index[0])), str(odd.iloc[0])
            self.notes.append(
                Problem(what, self.called, row, str(cells.name), value, severity="warning", count=len(odd))
            )
        return numbers(cells)


def ages(labels: Iterable[str]) -> list[int | None]:
    """Ages of labels: `age 7`, `Aged 7`, `under 3` (2), `2 and under` (2), `20 and over` (20); None for others."""
    return [_age(str(label).strip().casefold()) for label in labels]


def _age(label: str) -> int | None:
    match = re.search(r"\d+", label)
    if not match or not re.search(r"age|under|over|^\d+$", label):
        return None
    age = int(match[0]) - (1 if re.search(r"(under|below) \d", label) else 0)
    return int(np.clip(age, YOUNGEST, OLDEST)) if age <= 99 else None


def plain(heading: object) -> str:
    """A heading as it is compared: lower case, one underscore for whatever stands between its words."""
    return re.sub(r"[^0-9a-z£@]+", "_", str(heading).strip().casefold()).strip("_")


def part_of(heading: str) -> str:
    """What kind of places a heading of the file of place numbers counts: `base`, `special`, `ap`; blank for none."""
    if re.search(r"sen_unit|_rp_|resourced", heading):
        return "base"
    if re.search(r"special", heading):
        return "special"
    return "ap" if re.search(r"(^|_)(ap|alternative_provision)_", heading) else ""
