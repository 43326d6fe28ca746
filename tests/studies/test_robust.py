from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.api.sweeping import sweep_to_folder
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.fixed import fix_openings
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.solve.solve import solve_directly
from sufficiency.problems import InputError
from sufficiency.studies.sweep.robust import cvar, weighed
from sufficiency.studies.sweep.start import Start, case_of, combination, openings_of
from tests.studies.sweep_case import swept_toy
from tests.tiny import tiny

SECTION = '\n[sweep]\nseed = 3\nfees = { independent = [0.5, 1.5] }\nslips = { "QB+" = { chance = 0.4 } }\n'


def test_cvar_is_the_mean_of_the_costliest() -> None:
    costs = np.array([4.0, 1.0, 3.0, 2.0])
    assert cvar(costs, 0.5) == pytest.approx(3.5)
    assert cvar(costs, 0.0) == pytest.approx(2.5)
    assert cvar(costs, 0.9) == pytest.approx(4.0)  # a tenth of four is less than one: the costliest alone
    assert cvar(costs, 0.6) == pytest.approx((4 + 0.6 * 3) / 1.6)
    # as Rockafellar and Uryasev have it: the least over zeta, which is one of the costs
    least = min(zeta + np.maximum(costs - zeta, 0).sum() / (0.4 * 4) for zeta in costs)
    assert cvar(costs, 0.6) == pytest.approx(least)
    assert weighed(costs, 0.5, 0.25) == pytest.approx(0.75 * 2.5 + 0.25 * 3.5)


@pytest.mark.slow
def test_the_robust_programme_is_the_best_of_all(tmp_path: Path) -> None:
    """All nine programmes of the toy in each of three draws, from the program of all arcs, against the search."""
    model = swept_toy(tmp_path, section=SECTION)
    made = sweep_to_folder(model, folder=tmp_path / "out", draws=3, workers=1, robust=True)
    assert made.weighed is not None
    robust = made.weighed.robust
    start = Start(3, (combination("base", made.case, None),), None, warm_of(made.case), ())
    each = {}
    windows = {"QB+": (None, 2026, 2027), "LB": (None, 2027, 2028)}
    for years in product(*windows.values()):
        opens = [(option, year) for option, year in zip(windows, years, strict=True) if year is not None]
        costs = []
        for draw in range(3):
            future = start.future(draw)
            base = prepare(case_of(start, future))
            may = may_open(base.case, base.data)
            late = tuple((option, year + future.slips.get(option, 0), 1.0) for option, year in opens)
            instance = fix_openings(base, may, openings_of(may, base.data, late))
            costs.append(solve_directly(instance).plan.objective)
        each[tuple(opens)] = weighed(np.array(costs), 0.9, 0.5)
    assert robust.met
    assert robust.objective == pytest.approx(min(each.values()), rel=1e-6)
    assert robust.bound <= min(each.values()) * (1 + 1e-9)
    opens = tuple((option, year) for option, year, _ in made.weighed.opens["robust"])
    assert each[opens] == pytest.approx(min(each.values()), rel=1e-6)
    table = pd.read_csv(tmp_path / "out" / "programmes.csv", encoding="utf-8-sig").set_index("programme")
    assert list(table) == ["expected", "cvar", "greatest_regret", "base", "late", "late-and-more"]
    mean = table.loc["base plan"]
    assert 0.5 * mean["expected"] + 0.5 * mean["cvar"] == pytest.approx(each[("QB+", 2026),])
    assert table.loc["base plan", "base"] == pytest.approx(0, abs=800)  # the base plan is the best, to the gap
    assert (table[["base", "late", "late-and-more"]].min() > -800).all()


def warm_of(case):
    from sufficiency.deadline import Deadline
    from sufficiency.plan.pricing.column_generation import WarmStart

    base = prepare(case)
    return WarmStart(base, np.zeros(len(base.rows.limit)), Deadline.after(60))


def test_without_options_there_is_nothing_to_choose(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no option to choose"):
        sweep_to_folder(tiny(tmp_path), folder=tmp_path / "out", draws=1, workers=1, robust=True)
