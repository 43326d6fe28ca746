"""From the cheapest plan to the fairest."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sufficiency import api
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.tuning import Tuning
from sufficiency.problems import InputError
from sufficiency.result.study import saved_study
from sufficiency.studies.frontier import frontier
from sufficiency.tables.schema.studies import STUDIES

from ..examples import examples
from ..random_cases import random_case, rules_of_every_kind
from .test_golden import journeys_case
from .test_rules import KAPPA, bought_or_state

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"


def test_from_all_in_the_cheap_north_to_everyone_near_home() -> None:
    # κ = ln 2 / 10: a journey of m minutes counts 2^(m/10). Cheapest: all north, (8 · 2 + 4 · 32) / 12 = 12. Fairest:
    # all at home, (8 · 2 + 4 · 4) / 12 = 8/3; four southern children cost £10,000 more each. Half-way in minutes the
    # limit is 12 · √(12 · 8/3) = 16 + 32 n + 4 (4 − n), with n southern children in the north.
    found = frontier(journeys_case(fairness={"at_most": 30, "kappa": KAPPA}), points=3)
    n = (12 * np.sqrt(12 * 8 / 3) - 32) / 28
    points = found.points
    assert points["limit"].tolist() == pytest.approx([10 * np.log2(12), 5 * np.log2(32), 10 * np.log2(8 / 3)])
    assert points["fair_minutes"].tolist() == pytest.approx(points["limit"].tolist(), abs=1e-3)
    assert points["extra_money"].tolist() == pytest.approx([0, (4 - n) * 10_000, 40_000], abs=1)
    assert points["mean_minutes"].tolist() == pytest.approx(
        [280 / 12, (80 + 50 * n + 20 * (4 - n)) / 12, 160 / 12], abs=1e-3
    )
    assert points["awaiting"].tolist() == pytest.approx([0, 0, 0])


def test_kappa_is_that_of_the_cheapest_plan() -> None:
    assert frontier(journeys_case(), points=2).kappa == pytest.approx(280 / 10_800)


def test_where_nobody_travels_there_is_nothing_to_weigh() -> None:
    with pytest.raises(InputError, match="nobody travels"):
        frontier(bought_or_state([]))


@given(st.integers(0, 100_000), st.booleans())
@example(seed=2805, ruled=False)  # nobody in the plan years
@examples(15)
def test_fairer_never_costs_less(seed: int, ruled: bool) -> None:
    """Over years, closures and what is settled; every plan passes its certificate. Few arcs are contested.

    The limit is on each year: what all years together come to may rise where the worst one falls (seed 41030), so that
    nothing is asked of it.
    """
    with pytest.MonkeyPatch.context() as patch:
        few = partial(prepare, tuning=Tuning(boxstep_arcs=8))
        for module in ("studies.frontier", "plan.explain.fairness"):
            patch.setattr(f"sufficiency.{module}.prepare", few)
        points = frontier(random_case(seed, rules=rules_of_every_kind(seed) if ruled else {}), points=4).points
    scale = float(points["objective"].abs().max())
    assert (np.diff(points["extra_objective"]) >= -1e-8 * scale).all()
    assert (points["pounds"] >= 0).all()


def test_the_folder_of_a_frontier(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    found, files = api.frontier_to_folder(TOY, folder=folder, points=2)
    assert [file.name for file in files] == ["frontier.csv", "frontier.png", "frontier.svg"]
    assert sorted(item.name for item in folder.iterdir()) == sorted(file.name for file in files)
    header = (folder / "frontier.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header == ",".join(STUDIES["frontier"].names)
    assert "FICTIONAL DATA" in (folder / "frontier.svg").read_text(encoding="utf-8")
    assert "FICTIONAL DATA" in api.frontier_screen(found)
    api.frontier_to_folder(TOY, folder=folder, points=2)  # over an earlier one
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other things"):
        api.frontier_to_folder(TOY, folder=folder, points=2)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_frontier_cut_short_before_its_swap_is_finished_by_the_next(tmp_path: Path) -> None:
    points = frontier(journeys_case(), points=2).points
    with saved_study(tmp_path / "mine", "frontier", points):
        pass
    (tmp_path / "mine").rename(tmp_path / ".mine.ready")
    with saved_study(tmp_path / "mine", "frontier", points):
        pass
    assert [item.name for item in tmp_path.iterdir() if not item.name.endswith("lock")] == ["mine"]


@pytest.mark.parametrize("points", [0, 1, -1, 2.5, "3", True])
def test_a_frontier_needs_two_plans(points: Any) -> None:
    with pytest.raises(InputError, match="needs at least two plans"):
        frontier(journeys_case(), points=points)
