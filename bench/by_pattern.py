"""Why doing nothing more has other numbers otherwise than at school than the plan, in children and in money.

    python bench/by_pattern.py                                            # the example's result
    python bench/by_pattern.py models/my-model.toml results/my-model/base

Reads a result; nothing is planned. A child counts at the plan's mean fee of the year for these settings; the sum is a
present value in pounds of the first plan year.
"""

from __future__ import annotations

import argparse

import sufficiency as sf
from sufficiency.model_file import read_model


def main() -> None:
    """Print a row a year, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="models/saltmere.toml")
    parser.add_argument("result", nargs="?", default="results/saltmere/base")
    chosen = parser.parse_args()
    model, result = read_model(chosen.model), sf.load(chosen.result)
    measures = result.measures
    children = measures[measures["measure"] == "by_pattern"].set_index("year")[["plan", "unmitigated"]]
    pounds = result.spend[result.spend["type"].isin(model.continuity.by_pattern)].groupby("year")["pounds"].sum()
    fee = (pounds / children["plan"]).fillna(0.0)  # nobody there: no fee
    more = children["unmitigated"] - children["plan"]
    rate, first = 1 + model.finance.discount, model.years[0]
    present = sum(more[year] * fee[year] / rate ** (year - first) for year in more.index)
    money = measures[measures["measure"] == "discounted_money"].iloc[0]
    avoided = float(money["unmitigated"] - money["plan"])
    print(f"{'year':>6}{'plan':>8}{'do nothing more':>17}{'more':>7}{'fee, £':>9}")
    for year in more.index:
        print(
            f"{year:>6}{children.loc[year, 'plan']:>8.1f}{children.loc[year, 'unmitigated']:>17.1f}"
            f"{more[year]:>7.1f}{fee[year]:>9,.0f}"
        )
    share = f" of £{avoided / 1e6:.1f}m of cost avoided ({present / avoided:.1%})" if avoided > 0 else ""
    print(f"present value £{present / 1e6:.1f}m{share}")


if __name__ == "__main__":
    main()
