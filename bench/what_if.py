"""How long a changed what-if takes from the last prices, beside solving the changed case from nothing.

    python bench/what_if.py                # ten changes, and two of demand, at Saltmere's 240 small areas
    python bench/what_if.py --areas 60

Every change is made to the same base plan, in which no option opens. A what-if counts from the changed words to the
certified optimum: tables changed and checked, arrays, solve, certificate. The cold solve starts from the changed
arrays, and ends at the certified optimum too.
`processor` is what to compare where the machine had other work.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from areas import written
from plan import machine

from sufficiency import api
from sufficiency.api import Session
from sufficiency.case import Case
from sufficiency.plan.options.fixed import with_nothing_opened
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing

SECONDS, SECONDS_OF_DEMAND, TIMES, SAME = 1.0, 3.0, 10.0, 1e-6
"""The targets: seconds by the clock, where demand changes, times as fast, objectives apart."""

CHANGES = {
    "ten places more in a school from 2029": """
edit = [{ table = "places", where = { line = "FS1", from_year = 2029 }, plus = { places = 10 } }]""",
    "ten places fewer in another from 2028": "add = [{ table = 'places', row = { line = 'SP5', setting = '990205', "
    "needs = 'ASD SLCN MLD SLD', phases = 'primary', from_year = 2028, places = 160, imported = 2, "
    "can_meet = 'OTH SPLD', match = 0.6, overfill = 0.05 } }]",
    "independent fees +10 %": """
edit = [{ table = "costs", where = { type = "independent" }, times = { per_child = 1.1 } }]""",
    "transport rates +20 %": """
set.travel = { fixed_per_child = 3_600, pounds_per_km = 2.88 }""",
    "an hour travelled at £10, not £5": """
set.weights.hour_travelled = 10""",
    "AP at most 4 %, not 5 %": """
set.rules.share = [{ name = "AP", types = ["alternative_provision"], at_most = 0.04, from_year = 2028 }]""",
    "a rule more: independents at most 10 %": """
set.rules.share = [{ name = "AP", types = ["alternative_provision"], at_most = 0.05, from_year = 2028 },
                   { name = "independents", types = ["independent"], at_most = 0.1, from_year = 2030 }]""",
    "a new base opens": "",
    "a special school is extended": "",
    "an AP line closes": "",
    "demand for ASD +5 %": """
edit = [{ table = "demand", where = { need = "ASD", year = YEARS }, times = { children = 1.05 } }]""",
    "demand of one locality +10 %": """
edit = [{ table = "demand", where = { area = AREAS, year = YEARS }, times = { children = 1.1 } }]""",
}
"""What changes, in the words of a scenario; AREAS stands for those of the first locality, YEARS for all planned."""
YEARS = "{ from = 2026, to = 2035 }"
OPENINGS = {
    "a new base opens": ("NB3", 2028),
    "a special school is extended": ("EX1", 2029),
    "an AP line closes": ("CL1", 2029),
}
"""What is opened in the changes that open an option, and when."""


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock and of processor, and the objective reached, in £."""

    wall: float
    processor: float
    objective: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=240)
    asked = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        case = api.read(written(Path(folder), asked.areas, options=True))
    base = Session(case, {}, solve_by_pricing(with_nothing_opened(prepare(case))))
    print(f"{'':40}{'what-if':>10}{'processor':>11}{'cold':>10}{'processor':>11}{'times':>8}  objectives apart")
    by_name = {}
    for name, text in CHANGES.items():
        changes, openings = _meant(case, text), dict([OPENINGS[name]]) if name in OPENINGS else {}
        warm, cold = _what_if(base, changes, openings), _cold(base, changes, openings)
        apart = abs(warm.objective - cold.objective) / abs(cold.objective)
        by_name[name] = (warm.wall, warm.processor, cold.wall, cold.processor, cold.processor / warm.processor, apart)
        print(f"{name:40}{_row(by_name[name])}", flush=True)
    of_demand = [row for name, row in by_name.items() if name.startswith("demand")]
    others = [row for name, row in by_name.items() if not name.startswith("demand")]
    for label, rows, target in (("others", others, SECONDS), ("demand", of_demand, SECONDS_OF_DEMAND)):
        print(f"{'median, ' + label:40}{_row(tuple(np.median(rows, axis=0)))}  target {target:.0f} s, {TIMES:.0f}x")
    worst = max(row[-1] for row in by_name.values())
    print(f"objectives at most {worst:.0e} apart; {SAME:.0e} allowed")


def _meant(case: Case, text: str) -> dict[str, Any]:
    areas = case.tables.areas
    there = areas.loc[areas["locality"] == areas["locality"].iloc[0], "area"].tolist()
    return tomllib.loads(text.replace("AREAS", str(there)).replace("YEARS", YEARS))


def _what_if(base: Session, changes: dict[str, Any], openings: dict[str, int]) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    plan = base.what_if(changes or None, openings=openings).plan
    return Taken(time.perf_counter() - clock, time.process_time() - processor, plan.objective)


def _cold(base: Session, changes: dict[str, Any], openings: dict[str, int]) -> Taken:
    """The changed case solved from nothing, from the same tables: what its session holds, without the prices."""
    instance = base.what_if(changes or None, openings=openings).solved.priced.instance
    clock, processor = time.perf_counter(), time.process_time()
    plan = solve_by_pricing(instance).plan
    return Taken(time.perf_counter() - clock, time.process_time() - processor, plan.objective)


def _row(row: tuple[float, ...]) -> str:
    warm, warm_spent, cold, cold_spent, times, apart = row
    return f"{warm:8.2f} s{warm_spent:9.2f} s{cold:8.2f} s{cold_spent:9.2f} s{times:7.1f}x{apart:10.0e}"


if __name__ == "__main__":
    main()
