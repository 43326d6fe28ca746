"""How far children would walk: by hand, on the toy with made walking distances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sufficiency.plan.instance.build import instance_data
from sufficiency.result.walking import walking
from tests.solved import toy_case

TWO_AND_A_HALF, FOUR = 2.5 * 1.609344, 4 * 1.609344


def _table(km: float, phases: dict[str, tuple[int, int]] | None = None) -> pd.DataFrame:
    """Two children in the first pair of each phase in 2026; every way is `km` long but to the pool IND."""
    case = toy_case()
    if phases is not None:
        case = replace(case, model=case.model.model_copy(update={"phases": phases}))
    on_foot = np.full(case.journeys.km.shape, km)
    on_foot[:, case.journeys.settings.index("IND")] = np.nan
    case = replace(case, journeys=replace(case.journeys, walking_km=on_foot))
    data = instance_data(toy_case())
    stock = np.zeros((data.horizon + 1, len(data.pair_cell)))
    phase = data.cells["phase"].to_numpy()[data.pair_cell]
    of_ind = (data.lines["setting"] == "IND").to_numpy()[data.pair_line]
    for code in ("primary", "secondary", "post_16"):
        stock[1, np.flatnonzero((phase == code) & ~of_ind)[0]] = 2.0
    stock[1, np.flatnonzero((phase == "secondary") & of_ind)[0]] = 3.0
    return walking(case, data, stock)


def test_between_two_and_three_miles() -> None:
    table = _table(TWO_AND_A_HALF).set_index(["phase", "type"])
    primary = table.xs("primary", level="phase").iloc[0]
    assert (primary["children"], primary["over_two_miles"], primary["over_three_miles"]) == (2.0, 2.0, 0.0)
    assert primary["mean_walking_km"] == pytest.approx(TWO_AND_A_HALF)
    assert (primary["beyond_least"], primary["beyond_most"]) == (0.0, 2.0), "Years 0 to 6 are of both ages"
    secondary = table.xs("secondary", level="phase")
    state = secondary[secondary.index != "independent"].iloc[0]
    assert (state["beyond_least"], state["beyond_most"]) == (0.0, 0.0), "three miles from Year 4 on"
    post_16 = table.xs("post_16", level="phase").iloc[0]
    assert post_16["over_two_miles"] == 2.0
    assert np.isnan(post_16["beyond_least"]), "beyond Year 11"


def test_a_setting_that_is_not_on_the_map() -> None:
    pool = _table(FOUR).set_index(["phase", "type"]).loc[("secondary", "independent")]
    assert (pool["children"], pool["not_known"], pool["over_two_miles"]) == (3.0, 3.0, 0.0)
    assert np.isnan(pool["mean_walking_km"])


def test_infants_may_walk_two_miles() -> None:
    infants = {"primary": (0, 2), "secondary": (7, 11), "post_16": (12, 14)}
    row = _table(TWO_AND_A_HALF, infants).set_index("phase").loc["primary"]
    assert (row["beyond_least"], row["beyond_most"]) == (2.0, 2.0)


def test_without_walking_distances() -> None:
    data = instance_data(toy_case())
    with pytest.raises(ValueError, match="no walking distances"):
        walking(toy_case(), data, np.zeros((data.horizon + 1, len(data.pair_cell))))
