"""How long a forecast takes and how much memory it holds, at the size of a large authority.

    python bench/forecast.py                       240 areas, 13 needs, 25 ages, 10 years, 1,000 paths
    python bench/forecast.py --areas 33 --paths 500

Every year group is its own phase, so that every age is drawn in every area. The children are made up: England's needs
and ages, spread over the areas at random. The figures are of one machine on one day; the first line says how busy it
was.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

from sufficiency.forecast import england
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.run import forecast
from sufficiency.model import Model
from sufficiency.model.forecast import Forecast

NEEDS = 13
LAST_YEAR = 2025


def made_up(areas: int, years: int, paths: int, plans: int) -> Inputs:
    rng = np.random.default_rng(0)
    model = Model.model_validate(
        {
            "name": "Bench (fictional)",
            "base_year": LAST_YEAR,
            "years": [LAST_YEAR + 1, LAST_YEAR + years],
            "phases": "year_groups",
            "tables": dict.fromkeys(("areas", "demand", "settings", "places", "costs"), "none.csv"),
        }
    )
    profile = england.plans().copy()
    profile[england.NEED_CODES.index("DS")] = 0.01 * profile.sum(axis=0)
    needs = np.flatnonzero(profile.sum(axis=1) > 0)[:NEEDS]
    assert len(needs) == NEEDS
    weights = rng.dirichlet(np.full(areas, 5.0))
    growth = 1.1 ** np.arange(-5, 1)
    expected = growth[:, None, None, None] * weights[:, None, None] * (plans * profile / profile.sum())
    cells = rng.poisson(expected).astype(float)
    codes = [england.NEED_CODES[row] for row in needs]
    return Inputs(
        model=model,
        choice=Forecast(paths=paths),
        areas=tuple(f"A{number:03d}" for number in range(areas)),
        localities=tuple(f"L{number % 12}" for number in range(areas)),
        years=tuple(range(LAST_YEAR - 5, LAST_YEAR + 1)),
        plans=cells.sum(axis=1),
        cells=cells,
        groups=np.arange(len(england.YEAR_GROUPS)),
        people=np.full((6 + years, len(england.YEAR_GROUPS)), plans * 0.9),
        counted=True,
        young=weights * 26 * plans * 0.9,
        new_plans=None,
        new_needs=None,
        ceased=None,
        homes=np.zeros((years, areas + 1)),
        kinds=tuple((code, "") for code in codes),
        placed=None,
        imported=None,
        notes=(),
        files={},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=240)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--paths", type=int, default=1000)
    parser.add_argument("--plans", type=int, default=5000)
    parser.add_argument("--folder", type=Path, default=None, help="write demand.csv here too, and time it")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", end=", ")
    print(f"NumPy {np.__version__}")
    inputs = made_up(chosen.areas, chosen.years, chosen.paths, chosen.plans)
    clock, processor = time.perf_counter(), time.process_time()
    made = forecast(inputs)
    cells = len(made.demand) // (chosen.years + 1)
    ages, needs = len(england.YEAR_GROUPS), len(inputs.kinds)
    draws = chosen.areas * needs * ages * chosen.years * chosen.paths / 1e6
    print(f"{chosen.areas} areas × {needs} needs × {ages} ages × {chosen.years} years × {chosen.paths} paths: ", end="")
    print(f"{cells:,} cells, {draws:,.0f} million draws")
    print(f"clock          {time.perf_counter() - clock:7.1f} s")
    print(f"processor      {time.process_time() - processor:7.1f} s")
    print(f"peak memory    {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:7.2f} GB")
    if chosen.folder:
        clock = time.perf_counter()
        made.demand.to_csv(chosen.folder / "demand.csv", index=False)
        print(f"write          {time.perf_counter() - clock:7.1f} s")


if __name__ == "__main__":
    main()
