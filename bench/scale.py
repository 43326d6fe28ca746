"""How the time to a proven plan grows with the number of areas, and what all arcs at once would take.

    python bench/scale.py                            # Saltmere's small areas: 30, 60, 120 and all 240 of them
    python bench/scale.py --direct 600 --areas 60    # all arcs at once gets ten minutes; at 60 areas only

Fewer areas are groups of the small ones, whole; options are left out. Both ways start from the same arrays, and HiGHS
gets them without PuLP where all arcs go at once. `processor` is what to compare where the machine had other work. Where
all arcs at once ran out of time the ratio is what is known: at least so many times.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency import api
from sufficiency.plan.certificate import price_bound, relative_gap
from sufficiency.plan.coarse import coarsened, neighbourhoods
from sufficiency.plan.flows import flows_of
from sufficiency.plan.highs import Limits, solve_arrays
from sufficiency.plan.prepared import Prepared, prepare
from sufficiency.plan.pricing import Priced, contested_arcs, resolved
from sufficiency.plan.program import program_of_all, settled_cost
from sufficiency.plan.togo import open_entries

MODEL = Path(__file__).resolve().parents[1] / "models" / "saltmere-small-areas.toml"
WHAT_IFS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, nargs="*", default=[30, 60, 120, 240])
    parser.add_argument("--direct", type=float, default=120.0, help="seconds for all arcs at once; 0 leaves it out")
    asked = parser.parse_args()
    case = api.read(MODEL)
    case = replace(case, tables=replace(case.tables, options=None))
    whole = prepare(case)
    seconds = []
    print("areas     arcs   wall s  processor s   gap      what-if s  all arcs s   ratio  objectives apart")
    for count in asked.areas:
        prepared = whole if count >= len(case.tables.areas) else _grouped(whole, count)
        seconds.append(_measured(prepared, count, asked.direct))
    if len(seconds) > 1:
        slope = np.polyfit(np.log(asked.areas), np.log(seconds), 1)[0]
        print(f"processor time grows as areas to the power {slope:.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _grouped(prepared: Prepared, count: int) -> Prepared:
    areas = prepared.case.tables.areas
    group = neighbourhoods(areas[["x", "y"]].to_numpy(dtype=float), count)
    data, settled, rows = coarsened(
        prepared.data, prepared.settled, prepared.rows, pd.Series(group.astype(str), index=areas["area"])
    )
    case = replace(prepared.case, tables=replace(prepared.case.tables, areas=_middles(areas, group)))
    return replace(prepared, case=case, data=data, settled=settled, rows=rows)


def _middles(areas: pd.DataFrame, group: np.ndarray) -> pd.DataFrame:
    """One row a group: its middle, and the locality of its first area."""
    named = areas.assign(area=group.astype(str))
    return named.groupby("area").agg({"x": "mean", "y": "mean", "locality": "first"}).reset_index()


def _measured(prepared: Prepared, count: int, direct: float) -> float:
    arcs = int(open_entries(prepared.data)[:, : len(prepared.data.pair_cell)].sum())
    clock, processor = time.perf_counter(), time.process_time()
    priced = contested_arcs(prepared)
    wall, spent = time.perf_counter() - clock, time.process_time() - processor
    constant = settled_cost(prepared.data, prepared.settled)
    gap = relative_gap(
        priced.objective, price_bound(prepared.data, prepared.settled, prepared.rows, priced.prices), constant
    )
    told = f"{count:5} {arcs:8,} {wall:8.1f} {spent:12.1f} {gap:9.0e} {_what_ifs(priced):10.2f}"
    if direct > 0:
        program = program_of_all(prepared, flows_of(prepared.data, prepared.rows))
        lowest = np.where(np.arange(len(program.rhs)) < program.shared, -np.inf, program.rhs)
        clock = time.perf_counter()
        solved = solve_arrays(
            program.matrix, program.cost, program.most, program.rhs, lowest=lowest, limits=Limits(direct, 2)
        )
        took = time.perf_counter() - clock
        apart = abs(program.offset + solved.objective - priced.objective) / abs(priced.objective)
        ratio = f"{took / wall:6.1f}x  {apart:.0e}" if solved.optimal else f">{took / wall:5.1f}x  stopped"
        told += f" {took:10.1f} {ratio}"
    print(told, flush=True)
    return spent


def _what_ifs(priced: Priced) -> float:
    """Median seconds of what-ifs: ten places more or fewer at a line from some year on, proven over all arcs."""
    rng, took = np.random.default_rng(1), []
    rows = priced.prepared.rows
    settled = rows.used(priced.prepared.settled.stock)
    lines = np.unique(rows.item[rows.family == "places"])
    for line in rng.choice(lines, WHAT_IFS, replace=False):
        changed = (rows.family == "places") & (rows.item == line) & (rows.year >= rng.integers(1, 6))
        other = np.maximum(rows.limit + rng.choice([-10.0, 10.0]), settled)
        clock = time.perf_counter()
        priced = resolved(priced, replace(rows, limit=np.where(changed, other, rows.limit)))
        took.append(time.perf_counter() - clock)
    return float(np.median(took))


if __name__ == "__main__":
    main()
