"""What all draws say together: how often, and between which ends. Percentiles are taken of whole draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sufficiency.studies.sweep.figures import ROW, Drawn
from sufficiency.tables.schema.sweep import SWEEPS

PERCENTILES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
"""Between two draws a percentile is interpolated (NumPy's and pandas' own rule)."""


@dataclass(frozen=True)
class Together:
    """The tables of a sweep, each with the columns of its catalogue; `why`: draw → why it has no plan."""

    draws: pd.DataFrame
    by_year: pd.DataFrame
    lines: pd.DataFrame
    options: pd.DataFrame
    fan: pd.DataFrame
    why: dict[int, str] = field(default_factory=dict)

    @property
    def planned(self) -> int:
        """How many draws have a plan."""
        return len(self.draws) - len(self.why)


def together(drawn: Iterable[Drawn], options: Sequence[str], years: Sequence[int]) -> Together:
    """The tables of finished draws, which come in the order of their numbers."""
    rows, by_year, lines, opens, why = [], [], [], [], {}
    for one in drawn:
        draw = one.row["draw"]
        rows.append([one.row[name] for name in ROW])
        if one.why:
            why[draw] = one.why
        figures = [(draw, measure, year, value) for measure, of in one.years.items() for year, value in of.items()]
        opens += sorted(set(one.opens))
        if figures:
            by_year.append(pd.DataFrame(figures, columns=list(SWEEPS["draws_by_year"].names)))
            lines.append(pd.DataFrame(one.lines, columns=["line", "year", "children", "full"]))
    draws = pd.DataFrame(rows, columns=list(ROW))
    every_year = pd.concat(by_year, ignore_index=True) if by_year else _none("draws_by_year")
    every_line = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=["line", "year", "full"])
    planned = len(draws) - len(why)
    return Together(
        draws,
        every_year,
        _lines(every_line),
        _options(opens, options, years, planned),
        _fan(every_year),
        why,
    )


def _fan(by_year: pd.DataFrame) -> pd.DataFrame:
    if by_year.empty:
        return _none("fan")
    return _bands(by_year, ["measure", "year"], "value")[list(SWEEPS["fan"].names)]


def _lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Shares are of the draws in which the line is open that year."""
    if lines.empty:
        return _none("lines")
    bands = _bands(lines, ["line", "year"], "children")
    full = lines.assign(full=lines["full"].astype("object").map({True: 1.0, False: 0.0}))
    share = full.groupby(["line", "year"], sort=False)["full"].mean().to_numpy()
    return bands.assign(share_full=share)[list(SWEEPS["lines"].names)]


def _bands(frame: pd.DataFrame, keys: list[str], value: str) -> pd.DataFrame:
    groups = frame.groupby(keys, sort=False)[value]
    return pd.DataFrame({name: groups.quantile(share) for name, share in PERCENTILES.items()}).reset_index()


def _options(
    opens: Sequence[tuple[str, int]], options: Sequence[str], years: Sequence[int], planned: int
) -> pd.DataFrame:
    counts = Counter(opens)
    rows = [
        (option, year, counts[option, year] / planned if planned else np.nan) for option in options for year in years
    ]
    return pd.DataFrame(rows, columns=list(SWEEPS["options"].names))


def _none(table: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(SWEEPS[table].names))
