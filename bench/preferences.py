"""What it costs to keep preferences for full schools: the same plan at four weights on a preference that gives way.

    python bench/preferences.py                       # the example
    python bench/preferences.py models/my-model.toml

Options are chosen anew at each weight. Money is present value in pounds of the first plan year. `hard` is a weight of
£10m, at which no preference gives way.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from sufficiency import api
from sufficiency.api.result_tables import result_of
from sufficiency.api.solving import solve_case
from sufficiency.case import Case

WEIGHTS = {"0": 0.0, "20,000": 20_000.0, "100,000": 100_000.0, "hard": 1e7}


def weighted(case: Case, pounds: float) -> Case:
    """The case with another weight on a preference that gives way."""
    weights = case.model.weights.model_copy(update={"preference_missed": pounds})
    return replace(case, model=case.model.model_copy(update={"weights": weights}))


def main() -> None:
    """Print a row for each weight."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="models/saltmere.toml")
    case = api.read(parser.parse_args().model)
    print(f"{'£':>14}{'cost avoided':>14}{'redirected':>12}{'share':>8}{'empty beside bought':>21}{'status':>12}")
    for name, pounds in WEIGHTS.items():
        solved = solve_case(weighted(case, pounds), appraise=False)
        summary, plan = result_of(solved).summary, solved.plan
        money = summary["headline"]["discounted_money"]
        redirected, asked = plan.preferences_missed.sum(), plan.settled.may_give_way.sum()
        empty, share = summary["empty_beside_bought"], redirected / asked if asked else 0.0
        print(
            f"{name:>14}{(money['unmitigated'] - money['plan']) / 1e6:>13.1f}m{redirected:>12.1f}"
            f"{share:>8.1%}{empty:>21.1f}{summary['status']:>12}"
        )


if __name__ == "__main__":
    main()
