"""How long it takes to choose among 30 candidate schemes over ten years at ward grain, to a gap of 0.1 %.

    python bench/options.py                 # Saltmere's nine options and 21 made-up ones beside them
    python bench/options.py --schemes 15 --gap 1e-4

The made-up schemes are drawn with a fixed seed: bases at existing base settings and more places in special schools,
each with its window, ramp, capital and running cost. Money suffices for about a third of them. `processor` is what to
compare where the machine had other work; the process uses one thread unless --threads says more.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency import api
from sufficiency.case import Case
from sufficiency.plan.options.programme import programme_by_prices, with_programme
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_by_pricing

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schemes", type=int, default=30)
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=600.0)
    asked = parser.parse_args()
    case = with_schemes(api.read(ROOT / "models" / "saltmere.toml"), asked.schemes)
    solver = case.model.solver.model_copy(update={"gap": asked.gap, "threads": asked.threads, "seconds": asked.seconds})
    case = replace(case, model=case.model.model_copy(update={"solver": solver}))
    clock, processor = time.perf_counter(), time.process_time()
    base = prepare(case)

    def print_step(step: str, detail: str = "") -> None:
        seconds, busy = time.perf_counter() - clock, time.process_time() - processor
        print(f"  {seconds:6.1f} s, processor {busy:6.1f} s  {detail}", flush=True)

    programme = programme_by_prices(base, print_step)
    chosen = time.perf_counter() - clock, time.process_time() - processor
    plan = with_programme(solve_by_pricing(programme.instance).plan, programme)
    proven = time.perf_counter() - clock, time.process_time() - processor
    choices = programme.found.choices
    cuts = 0 if programme.search is None else len(programme.search.cuts)
    print(f"{len(choices.schemes)} schemes, {len(choices)} openings, {len(base.data.cells)} cells, {plan.status}")
    print(f"£{plan.objective:,.0f}, gap {plan.certificate.gap if plan.certificate else np.nan:.1e}, {cuts} cuts")
    print("opens:", ", ".join(f"{it.scheme.option} {base.data.years[it.opens]}" for it in programme.opened))
    print(f"chosen  {chosen[0]:7.1f} s, processor {chosen[1]:7.1f} s")
    print(f"proven  {proven[0]:7.1f} s, processor {proven[1]:7.1f} s")


def with_schemes(case: Case, count: int) -> Case:
    """The case with made-up schemes added until there are `count`, and money for about a third of their capital."""
    rng = np.random.default_rng(30)
    options, places = case.tables.options, case.tables.places
    if options is None:
        raise SystemExit("the model has no options")
    bases = places[places["type"] == "resource_base"].drop_duplicates("line")
    special = places[places["type"] == "special_school"].drop_duplicates("line")
    rows = []
    for number in range(count - len(options)):
        row = options.iloc[0].to_dict()
        grows = number % 3 == 2
        like = (special if grows else bases).sample(1, random_state=int(rng.integers(1 << 30))).iloc[0]
        size = float(rng.integers(8, 31) if grows else rng.integers(6, 21))
        earliest = int(rng.integers(2027, 2030))
        row |= {
            "option": f"X{number:02d}",
            "name": f"Made-up scheme {number}",
            "setting": like["setting"],
            "line": like["line"] if grows else "",
            "needs": like["needs"],
            "phases": like["phases"],
            "can_meet": like["can_meet"],
            "places": size,
            "earliest": earliest,
            "latest": earliest + 6,
            "capital": size * float(rng.uniform(12_000, 80_000)),
            "ramp": (0.4, 0.7, 1.0) if rng.random() < 0.5 else (1.0,),
            "per_year": float(rng.integers(0, 4) * 10_000),
            "group": "",
            "scalable": False,
            "physical": np.nan,
            "closes_line": "",
        }
        rows.append(row)
    more = pd.concat([options, pd.DataFrame(rows)], ignore_index=True)[list(options.columns)]
    finance = case.model.finance.model_copy(update={"capital_budget": float(more["capital"].sum()) / 3})
    model = case.model.model_copy(update={"finance": finance})
    return replace(case, model=model, tables=replace(case.tables, options=more))


if __name__ == "__main__":
    main()
