"""How long a location problem of the literature's kind takes with and without rows that link children to openings.

    python bench/location.py                       # 16 sites, 50 customers
    python bench/location.py --sites 25 --seconds 60

One year, one need: sites are options with a fixed charge, customers are areas, everybody has to have a place. The
instances are drawn with fixed seeds. The search without the rows is the baseline, in the same run; where its time is up
the ratio says at least. Processor seconds of choosing alone, proof and plan aside.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency import api
from sufficiency.plan.options import search
from sufficiency.plan.options.programme import Programme, programme_by_prices
from sufficiency.plan.rows.instance import prepare

MODEL = """
name = "Location"
base_year = 2025
years = [2026, 2026]
[tables]
areas = "areas.csv"
demand = "demand.csv"
settings = "settings.csv"
places = "places.csv"
costs = "costs.csv"
options = "options.csv"
travel = "travel.csv"
[travel]
method = "matrix"
fixed_per_child = 0
pounds_per_km = 1
days = 1
trips_per_day = 1
children_per_vehicle = 1
transported_share = {{ special_school = 1.0 }}
limit_minutes = {{}}
[weights]
awaiting_place = 100_000
hour_travelled = 0
[finance]
inflation = {{ transport = 0.0, default = 0.0 }}
[solver]
gap = 1e-6
seconds = {seconds}
threads = 1
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=16)
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0)
    asked = parser.parse_args()
    rounds = search.LINK_ROUNDS
    for seed in range(asked.instances):
        with tempfile.TemporaryDirectory() as folder:
            base = prepare(api.read(written(Path(folder), seed, asked.sites, asked.customers, asked.seconds)))
        search.LINK_ROUNDS = 0
        without, baseline = timed(lambda base=base: programme_by_prices(base))
        search.LINK_ROUNDS = rounds
        programme, seconds = timed(lambda base=base: programme_by_prices(base))
        least = "" if without.met else "at least "
        print(
            f"{asked.sites} × {asked.customers}, seed {seed}: £{programme.value:,.0f}, "
            f"{'proven' if programme.met else 'not proven'} in {seconds:.2f} s; "
            f"without the rows {least}{baseline / seconds:.1f} times as long, "
            f"£{without.value - without.bound:,.0f} left open"
        )


def timed(asked: object) -> tuple[Programme, float]:
    before = time.process_time()
    found = asked()  # type: ignore[operator]
    return found, time.process_time() - before


def written(folder: Path, seed: int, sites: int, customers: int, seconds: float) -> Path:
    """A made-up instance as tables: sites hold about three times what customers ask for in all."""
    rng = np.random.default_rng(seed)
    demand, at, homes = (
        rng.uniform(3, 20, customers),
        rng.uniform(0, 100, (sites, 2)),
        rng.uniform(0, 100, (customers, 2)),
    )
    km = np.hypot(*(homes[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    place = {"needs": "ASD", "phases": "primary"}
    tables = {
        "areas": [
            {"area": f"C{i}", "name": "customer", "locality": "all", "x": 4e5, "y": 3e5} for i in range(customers)
        ],
        "demand": [
            {"area": f"C{i}", "need": "ASD", "phase": "primary", "year": year, "children": children}
            for i, children in enumerate(demand)
            for year in (2025, 2026)
        ],
        "settings": [
            {"setting": f"S{j}", "name": f"Site {j}", "type": "special_school" if j < sites else "independent"}
            for j in range(sites + 1)
        ],
        "places": [
            {"line": "none", "setting": f"S{sites}", "needs": "VI", "phases": "post_16", "from_year": 2025, "places": 0}
        ],
        "costs": [{"type": "", "per_child": 0, "per_place": 0, "budget_line": "1.2.1"}],
        "options": [
            place
            | {
                "option": f"F{j}",
                "setting": f"S{j}",
                "places": 3 * demand.sum() / sites,
                "earliest": 2026,
                "latest": 2026,
            }
            | {"capital": 0, "per_year": rng.uniform(1_500, 2_500)}
            for j in range(sites)
        ],
        "travel": [
            {"area": f"C{i}", "setting": f"S{j}", "minutes": 0, "km": km[i, j]}
            for i in range(customers)
            for j in range(sites)
        ],
    }
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    model = folder / "location.toml"
    model.write_text(MODEL.format(seconds=seconds), encoding="utf-8")
    return model


if __name__ == "__main__":
    main()
