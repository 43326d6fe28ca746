"""Every level of aggregation with percentiles of its own paths: percentiles are never added up."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.areas import percentiles
from sufficiency.forecast.england import NEED_CODES
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.specialist import by_phase

COLUMNS = ("level", "locality", "area", "need", "phase", "year", "mean", "p05", "p50", "p95")


class Levels:
    """Sums of streamed paths: percentiles of each cell at once, sums over areas and needs once a year is whole."""

    def __init__(self, inputs: Inputs, paths: Floats, cells: Floats, only_cells: bool = False) -> None:
        self.inputs, self.paths, self.cells, self.only_cells = inputs, paths, cells, only_cells
        self.low, self.high = cells.copy(), cells.copy()
        self.localities = sorted({name for name in inputs.localities if name})
        self.of_locality = [np.flatnonzero(np.array(inputs.localities) == name) for name in self.localities]
        self.rows: list[pd.DataFrame] = [self._known()]
        self.areas, self.need = np.zeros(0), np.zeros(0)

    def add(self, year: int, kind: int, paths: Floats) -> None:
        """Take in [area, phase, path] children of a year and kind; kinds come in order."""
        bands = percentiles(paths)
        self.low[year, :, kind], self.high[year, :, kind] = bands[0], bands[2]
        if self.only_cells:
            return
        codes = [code for code, _ in self.inputs.kinds]
        self.need = paths if codes.index(codes[kind]) == kind else self.need + paths
        self.areas = paths if kind == 0 else self.areas + paths
        if kind + 1 == len(codes) or codes[kind + 1] != codes[kind]:
            self._need(year, codes[kind], [row for row, code in enumerate(codes) if code == codes[kind]])
        if kind + 1 == len(codes):
            self._whole(year)

    def frame(self) -> pd.DataFrame:
        """All levels, the base year first."""
        table = pd.concat(self.rows, ignore_index=True)
        keys = [name for name in COLUMNS if name not in {"mean", "p05", "p50", "p95"}]
        return table[list(COLUMNS)].sort_values(keys, kind="stable", ignore_index=True)

    def _need(self, year: int, need: str, kinds: list[int]) -> None:
        mean = self.cells[year][:, kinds].sum(axis=1)
        for name, areas in zip(self.localities, self.of_locality, strict=True):
            sums = self.need[areas].sum(axis=0)
            self._tell("locality, need and phase", year, sums, mean[areas].sum(axis=0), name, need=need)

    def _whole(self, year: int) -> None:
        mean = self.cells[year].sum(axis=1)
        for row, area in enumerate(self.inputs.areas):
            where = {"locality": self.inputs.localities[row], "area": area}
            self._tell("area and phase", year, self.areas[row], mean[row], **where)
            self._tell("area", year, self.areas[row].sum(axis=0)[None], mean[row].sum()[None], **where)
        for name, areas in zip(self.localities, self.of_locality, strict=True):
            sums = self.areas[areas].sum(axis=0)
            self._tell("locality and phase", year, sums, mean[areas].sum(axis=0), name)
            self._tell("locality", year, sums.sum(axis=0)[None], mean[areas].sum()[None], name)
        self._authority(year)

    def _authority(self, year: int) -> None:
        paths, mean = np.moveaxis(self.paths[year], 0, -1), self.cells[year].sum(axis=0)
        for need in dict.fromkeys(code for code, _ in self.inputs.kinds):
            mine = [row for row, (code, _) in enumerate(self.inputs.kinds) if code == need]
            sums, means = paths[mine].sum(axis=0), mean[mine].sum(axis=0)
            self._tell("need and phase", year, sums, means, need=need)
            self._tell("need", year, sums.sum(axis=0)[None], means.sum()[None], need=need)
        self._tell("phase", year, paths.sum(axis=0), mean.sum(axis=0))
        self._tell("authority", year, paths.sum(axis=(0, 1))[None], mean.sum()[None])

    def _tell(
        self, level: str, year: int, paths: Floats, mean: Floats, locality: str = "", area: str = "", need: str = ""
    ) -> None:
        """Rows of a level: one a phase where `paths` [phase, path] has them."""
        low, middle, high = percentiles(paths)
        phases = [phase.code for phase in self.inputs.model.phase_list] if level.endswith("phase") else [""]
        self.rows.append(
            pd.DataFrame(
                {
                    "level": level,
                    "locality": locality,
                    "area": area,
                    "need": need,
                    "phase": phases,
                    "year": self.inputs.model.base_year + year,
                    "mean": mean,
                    "p05": low,
                    "p50": middle,
                    "p95": high,
                }
            )
        )

    def _known(self) -> pd.DataFrame:
        """The base year of the authority, its phases and its needs: known, so that all percentiles are the same."""
        mean = self.cells[0].sum(axis=0)
        phases = [phase.code for phase in self.inputs.model.phase_list]
        needs = pd.Series(mean.sum(axis=1)).groupby([code for code, _ in self.inputs.kinds], sort=False).sum()
        counts = [("authority", "", "", mean.sum())]
        counts += [("phase", "", phase, count) for phase, count in zip(phases, mean.sum(axis=0), strict=True)]
        counts += [("need", str(need), "", float(count)) for need, count in needs.items()]
        rows = pd.DataFrame(counts, columns=["level", "need", "phase", "mean"])
        return rows.assign(locality="", area="", year=self.inputs.model.base_year).assign(
            p05=rows["mean"], p50=rows["mean"], p95=rows["mean"]
        )


def demand_rows(inputs: Inputs, cells: Floats, low: Floats, high: Floats) -> pd.DataFrame:
    """The demand table of [year, area, kind, phase]: every cell that has children in some year, in every year."""
    area, kind, phase = np.nonzero((cells > 0).any(axis=0))
    years = np.arange(inputs.model.base_year, inputs.model.years[1] + 1)
    needs, levels = (np.array(codes, dtype=object) for codes in zip(*inputs.kinds, strict=True))
    phases = np.array([item.code for item in inputs.model.phase_list], dtype=object)
    count = len(years)
    frame = pd.DataFrame(
        {
            "area": np.repeat(np.array(inputs.areas, dtype=object)[area], count),
            "need": np.repeat(needs[kind], count),
            "phase": np.repeat(phases[phase], count),
            "level": np.repeat(levels[kind], count),
            "year": np.tile(years, len(area)),
            "children": cells[:, area, kind, phase].T.ravel(),
            "low": np.minimum(low, cells)[:, area, kind, phase].T.ravel(),
            "high": np.maximum(high, cells)[:, area, kind, phase].T.ravel(),
        }
    )
    return frame if any(levels) else frame.drop(columns="level")


def plan_levels(inputs: Inputs, plans: Floats) -> pd.DataFrame:
    """Plans [year, path, need, NCY] of the authority by need and phase, each level from its own paths."""
    model = inputs.model
    phases = [phase.code for phase in model.phase_list]
    sums = by_phase(plans, inputs.phase_of, len(phases))
    needs = [row for row in range(len(NEED_CODES)) if plans[:, :, row].any()]
    rows = []
    for year, (need, phase) in product(range(len(plans)), product([None, *needs], [None, *range(len(phases))])):
        paths = plans[year].sum(axis=2) if phase is None else sums[year, :, :, phase]
        totals = paths.sum(axis=1) if need is None else paths[:, need]
        level = (
            " and ".join(name for name, part in (("need", need), ("phase", phase)) if part is not None) or "authority"
        )
        named = ("" if need is None else NEED_CODES[need], "" if phase is None else phases[phase])
        rows.append((level, *named, model.base_year + year, float(totals.mean()), *map(float, percentiles(totals))))
    return pd.DataFrame(rows, columns=["level", "need", "phase", "year", "mean", "p05", "p50", "p95"])


def history_levels(inputs: Inputs) -> pd.DataFrame:
    """Plans so far, of the authority by phase and by need: what a plot draws before the fan."""
    phases = [phase.code for phase in inputs.model.phase_list]
    rows = []
    for year, plans in zip(inputs.years, inputs.plans, strict=True):
        sums = by_phase(plans, inputs.phase_of, len(phases))
        rows.append(("authority", "", "", year, float(plans.sum())))
        rows += [
            ("phase", "", phase, year, float(count)) for phase, count in zip(phases, sums.sum(axis=0), strict=True)
        ]
        rows += [
            ("need", need, "", year, float(count)) for need, count in zip(NEED_CODES, plans.sum(axis=1), strict=True)
        ]
    return pd.DataFrame(rows, columns=["level", "need", "phase", "year", "plans"])
