"""A capacitated facility location problem of the literature's kind as a model, planned through the command line.

One year, one need; facilities are options with a fixed charge, customers are areas, and the travel table holds the
cost of serving a customer's unit of demand in pounds. The optimum is proven here by trying every set of facilities,
each a transport problem solved by scipy.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.optimize import linprog

from sufficiency.cli import main

CUSTOMERS, FACILITIES = 8, 5
MODEL = """
name = "Facility location"
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
transported_share = {{ special_school = 1.0, independent = 1.0 }}
limit_minutes = {{}}
[weights]
awaiting_place = 100_000
hour_travelled = 0
[finance]
capital_charge = {charge}
inflation = {{ transport = 0.0, default = 0.0 }}
[solver]
gap = 1e-9
"""


def instance() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Demand [i], capacity [j], fixed charge [j] and unit cost [i, j]: real numbers."""
    rng = np.random.default_rng(7)
    demand, capacity = rng.uniform(3, 20, CUSTOMERS), rng.uniform(25, 60, FACILITIES)
    places, homes = rng.uniform(0, 100, (FACILITIES, 2)), rng.uniform(0, 100, (CUSTOMERS, 2))
    cost = np.hypot(*(homes[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    return demand, capacity, rng.uniform(300, 1_500, FACILITIES), cost


def transport(demand: np.ndarray, capacity: np.ndarray, cost: np.ndarray) -> float:
    """The least cost of serving all demand from some facilities; infinite where they cannot."""
    if capacity.sum() < demand.sum():
        return np.inf
    served = np.kron(np.eye(len(demand)), np.ones((1, len(capacity))))
    used = np.kron(np.ones((1, len(demand))), np.eye(len(capacity)))
    found = linprog(cost.ravel(), A_eq=served, b_eq=demand, A_ub=used, b_ub=capacity)
    assert found.success
    return float(found.fun)


def optimum() -> tuple[float, set[str]]:
    """Every set of facilities tried."""
    demand, capacity, charge, cost = instance()
    best, chosen = np.inf, set()
    for size in range(FACILITIES + 1):
        for some in itertools.combinations(range(FACILITIES), size):
            at = list(some)
            total = charge[at].sum() + transport(demand, capacity[at], cost[:, at])
            if total < best:
                best, chosen = total, {f"F{j}" for j in some}
    return best, chosen


def written(folder: Path, as_capital: bool) -> Path:
    """The tables as an outsider would write them, and nothing that `tables.md` does not name."""
    demand, capacity, charge, cost = instance()
    tables = {
        "areas": pd.DataFrame(
            {"area": [f"C{i}" for i in range(CUSTOMERS)], "name": "customer", "locality": "all", "x": 4e5, "y": 3e5}
        ),
        "demand": pd.DataFrame(
            [
                {"area": f"C{i}", "need": "ASD", "phase": "primary", "year": year, "children": children}
                for i, children in enumerate(demand)
                for year in (2025, 2026)
            ]
        ),
        "settings": pd.DataFrame(
            [{"setting": f"S{j}", "name": f"Site {j}", "type": "special_school"} for j in range(FACILITIES)]
            + [{"setting": "X", "name": "Elsewhere", "type": "independent"}]
        ),
        "places": pd.DataFrame(
            [{"line": "none", "setting": "X", "needs": "VI", "phases": "post_16", "from_year": 2025, "places": 0}]
        ),
        "costs": pd.DataFrame([{"type": "", "per_child": 0, "per_place": 0, "budget_line": "1.2.1"}]),
        "options": pd.DataFrame(
            [
                {
                    "option": f"F{j}",
                    "setting": f"S{j}",
                    "needs": "ASD",
                    "phases": "primary",
                    "places": capacity[j],
                    "earliest": 2026,
                    "latest": 2026,
                    "capital": charge[j] / 0.25 if as_capital else 0,
                    "per_year": 0 if as_capital else charge[j],
                }
                for j in range(FACILITIES)
            ]
        ),
        "travel": pd.DataFrame(
            [
                {"area": f"C{i}", "setting": f"S{j}", "minutes": 0, "km": cost[i, j]}
                for i in range(CUSTOMERS)
                for j in range(FACILITIES)
            ]
        ),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    model = folder / "location.toml"
    model.write_text(MODEL.format(charge=0.25 if as_capital else 0.0), encoding="utf-8")
    return model


@pytest.mark.parametrize("as_capital", [False, True])
@pytest.mark.parametrize("direct", [False, True])
def test_the_optimum_of_a_location_problem_is_found(tmp_path: Path, as_capital: bool, direct: bool) -> None:
    model = written(tmp_path, as_capital)
    words = ["plan", str(model), "-o", str(tmp_path / "result"), "--quiet", *(["--direct"] if direct else [])]
    run = CliRunner().invoke(main, words)
    assert run.exit_code == 0, run.output
    best, chosen = optimum()
    summary = json.loads((tmp_path / "result" / "summary.json").read_text(encoding="utf-8"))
    assert summary["objective"] == pytest.approx(best, rel=1e-7)
    assert summary["bound"] == pytest.approx(best, rel=1e-6)
    assert summary["status"] == "optimal"
    assert summary["bound_from"] == ("solver" if direct else "certificate")
    assert ("rests on the solver's word alone" in " ".join(run.output.split())) == direct
    assert set(pd.read_csv(tmp_path / "result" / "programme.csv")["option"]) == chosen
    occupancy = pd.read_csv(tmp_path / "result" / "occupancy.csv").set_index("line")
    assert (occupancy["children"] <= occupancy["places"] + 1e-6).all()
    assert occupancy["children"].sum() == pytest.approx(instance()[0].sum())
