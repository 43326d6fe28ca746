"""How the time to a proven plan, and the memory it needs, grow with the number of areas.

    python bench/scale.py                     # 30, 60, 120, 240, 480 and 960 areas
    python bench/scale.py --areas 240 1920    # further than that: multiples of 240

Saltmere's 240 small areas are joined to fewer, or split into pieces a little way apart with the children divided in
equal shares (`bench/areas.py`); the total of children stays, and so do the lines. Every size is read from its own
files and runs in a process of its own, with the threads of the model. Options are left out. The last lines fit time =
a × areas^power: 2 would be quadratic.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from areas import written
from plan import machine, peak_mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, nargs="+", default=[30, 60, 120, 240, 480, 960])
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(_measured(asked.one)))
        return
    print(machine(), flush=True)
    print("areas       arcs  read and build  solve, clock  solve, processor   microseconds an arc    gap  peak MB")
    rows = []
    for count in asked.areas:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--one", str(written(Path(folder), count))]
            run = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        one = json.loads(run.stdout)
        rows.append(one)
        print(
            f"{count:5}{one['arcs']:11,}{one['read']:14.2f} s{one['clock']:12.2f} s{one['processor']:16.2f} s"
            f"{one['processor'] / one['arcs'] * 1e6:22.1f}{one['gap']:7.0e}{one['peak']:9,.0f}"
            + ("" if one["optimal"] else "  stopped"),
            flush=True,
        )
    if len(rows) > 1:
        for step in ("read", "processor", "peak"):
            powers = _powers(asked.areas, [one[step] for one in rows])
            print(f"{step:<10} grows as areas to the power {powers}")


def _measured(model: Path) -> dict[str, Any]:
    """One size, in this process."""
    from sufficiency import api
    from sufficiency.plan.dual.gap import relative_gap
    from sufficiency.plan.dual.lagrangian import price_all_arcs
    from sufficiency.plan.pricing.column_generation import generate_columns
    from sufficiency.plan.program.lp import unchanging_cost
    from sufficiency.plan.rows.instance import prepare

    processor = time.process_time()
    instance = prepare(api.read(model))
    read = time.process_time() - processor
    arcs = int(instance.open_arcs[:, : len(instance.data.pair_cell)].sum())
    clock, processor = time.perf_counter(), time.process_time()
    priced = generate_columns(instance)
    took = {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}
    peak = peak_mb() or np.nan
    bound = price_all_arcs(instance, priced.flows, priced.prices).bound
    gap = relative_gap(priced.objective, bound, unchanging_cost(instance))
    return {"arcs": arcs, "read": read, **took, "peak": peak, "gap": gap, "optimal": priced.solution.optimal}


def _powers(areas: list[int], values: list[float]) -> str:
    """The power fitted to all sizes, and that from each size to the next."""
    x, y = np.log(areas), np.log(values)
    steps = ", ".join(f"{power:.2f}" for power in np.diff(y) / np.diff(x))
    return f"{np.polyfit(x, y, 1)[0]:.2f}; from each size to the next {steps}"


if __name__ == "__main__":
    main()
