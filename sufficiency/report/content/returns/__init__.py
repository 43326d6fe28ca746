"""DfE's returns of a result: Local SEND Reform Plan, SCAP, DSG management plan, section 251 and place change, each
number made once for the workbook and for its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from sufficiency.report.content.figure import Figure
from sufficiency.report.content.returns.blank import blank_tables
from sufficiency.report.content.returns.bridge import bridges
from sufficiency.report.content.returns.children import count_children
from sufficiency.report.content.returns.dsg import dsg_sheets
from sufficiency.report.content.returns.form import FOLDER, NOTE, Return
from sufficiency.report.content.returns.lsrp import age_words, lsrp_tables
from sufficiency.report.content.returns.places import place_returns
from sufficiency.report.content.returns.rows import AGES, START, TURNED
from sufficiency.report.content.returns.s251 import section_251
from sufficiency.report.content.returns.scap import scap_forecasts
from sufficiency.report.content.tables.planned import Planned
from sufficiency.standing import of_summary

__all__ = ["AGES", "FOLDER", "NOTE", "Return", "Returns", "returns_of"]

UNROUNDED = "Small numbers of children are neither rounded nor suppressed: returns go to DfE, and not to the public."
NO_TODAY = "There is no placements table: today's placements are not known, and all children are new in the first year."
EXPECTED = "Numbers of children are expected numbers, with parts of children: DfE's forms want whole ones."


@dataclass(frozen=True)
class Returns:
    """`tables`: every return; `about`: what all of them rest on; `data`: what the data are, and who may see them."""

    tables: tuple[Return, ...] = field(repr=False)
    about: tuple[str, ...]
    data: tuple[str, ...]

    def figures(self) -> Iterator[Figure]:
        """Every number printed, with its cell."""
        for table in self.tables:
            yield from table.figures()

    @cached_property
    def notes(self) -> pd.DataFrame:
        """What the tables rest on, and what is blank in them and why: table, note. Blank table: all."""
        rows = [("", note) for note in (*self.data, *self.about)]
        for table in self.tables:
            said = [*table.notes, *(note for note in dict.fromkeys(table.frame[NOTE]) if note)]
            rows += [(table.name, note) for note in said]
        return pd.DataFrame(rows, columns=["table", "note"])


def returns_of(planned: Planned, age: str | None = None) -> Returns:
    """The returns of a result. `age`: `turned` or `start`, which age the bands of all tables are about; None: the age
    a child turns in LSRP tables, and the age at the start of the year in the DSG plan, as DfE asks.
    """
    counted = count_children(planned)
    lsrp, dsg = age or TURNED, age or START
    summary = planned.summary
    standing = of_summary(summary)
    more = f"{counted.beyond:,.0f} children more than the history has plans"
    about = [
        counted.total_words,
        counted.age_words,
        *([] if planned.case.tables.placements is not None else [NO_TODAY]),
        f"LSRP: {age_words(lsrp)}",
        f"DSG management plan: {age_words(dsg)}",
        *([f"The demand table has {more}: they are in the total."] if counted.beyond >= 0.5 else []),
        EXPECTED,
    ]
    made = f"Made by sufficiency {summary['versions']['sufficiency']} from {summary['model_file']}."
    data = (*([f"{standing.layer}."] if standing else []), made, UNROUNDED)
    tables = [
        *lsrp_tables(planned, counted, lsrp),
        *bridges(planned, counted),
        *blank_tables(planned),
        *scap_forecasts(planned, counted),
        *place_returns(planned),
        *dsg_sheets(planned, counted, dsg),
        section_251(planned),
    ]
    return Returns(tuple(tables), tuple(about), data)
