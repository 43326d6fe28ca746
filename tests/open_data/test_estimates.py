"""The arithmetic of the estimates, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sufficiency.starter.open_data.fit import fit, systematic, whole
from sufficiency.starter.open_data.lines import lines_of
from sufficiency.starter.open_data.needs import GROUPS, NEED_CODES, PHASES, Children, phase_of
from sufficiency.starter.open_data.tables import places_at, with_ages, with_needs


def test_a_table_of_two_by_two_is_fitted_to_its_margins() -> None:
    """Rows 30 and 10, columns 20 and 20 from a seed of ones: every row is shared evenly."""
    table = fit(np.ones((2, 2)), [((1,), np.array([30.0, 10.0])), ((0,), np.array([20.0, 20.0]))])
    assert table == pytest.approx(np.array([[15.0, 15.0], [5.0, 5.0]]))


def test_what_is_barred_stays_empty_and_the_last_margin_is_exact() -> None:
    seed = np.array([[1.0, 0.0], [1.0, 1.0]])
    table = fit(seed, [((0,), np.array([5.0, 15.0])), ((1,), np.array([10.0, 10.0]))])
    assert table[0, 1] == 0
    assert table.sum(axis=1) == pytest.approx([10.0, 10.0])


def test_whole_children_keep_rows_and_carry_what_columns_lose() -> None:
    """Ten rows of one child, three tenths of each in the second column: three of them end there, not none."""
    rows = np.tile([0.7, 0.3], (10, 1))
    out = whole(rows)
    assert out.sum(axis=1).tolist() == [1.0] * 10
    assert out[:, 1].sum() == 3


def test_children_are_drawn_as_often_as_their_share_says() -> None:
    shares = np.array([1.0, 2.0, 0.0, 1.0])
    for start in (0.0, 0.3, 0.99):
        drawn = systematic(shares, 4, start)
        assert drawn.sum() == 4
        assert np.abs(drawn - shares).max() <= 1
        assert drawn[2] == 0
    assert systematic(shares, 0, 0.5).sum() == 0


@pytest.mark.parametrize(
    ("age", "phase"), [(2, "early_years"), (3, "early_years"), (4, "primary"), (10, "primary"), (11, "secondary"),
                       (15, "secondary"), (16, "post_16"), (18, "post_16"), (19, "post_19"), (25, "post_19")],
)  # fmt: skip
def test_phases_of_ages_at_the_start_of_the_year(age: int, phase: str) -> None:
    assert PHASES[phase_of(age)] == phase


def children(**counts: int) -> Children:
    table = np.zeros((len(GROUPS), len(NEED_CODES), len(PHASES)))
    for group, count in counts.items():
        table[GROUPS.index(group), NEED_CODES.index("ASD"), PHASES.index("primary")] = count
    return Children(table, 0.0, "", ())


def setting(**values: object) -> dict[str, object]:
    row: dict[str, object] = {
        "urn": "1", "name": "A", "academy": False, "needs": "ASD", "low": 4.0, "high": 11.0, "x": 1.0, "y": 1.0,
        "section_41": False, "opens": 0, "type": "special_school", "part": "", "capacity": 100.0, "roll": 80.0,
    }  # fmt: skip
    return row | values


def test_a_school_fuller_than_our_children_has_imported_ones() -> None:
    """80 on roll, 60 of them ours: 20 places are others', 20 of its 100 are free. Nobody is elsewhere."""
    lines = lines_of(pd.DataFrame([setting()]), None, children(special=60))
    named = lines.rows[lines.rows["line"] == "1"].iloc[0]
    assert named["load"] == 60
    assert named["phases"] == "primary"
    assert named["can_meet"] == "SLCN OTH UNK"
    placed = np.where(lines.rows["line"] == "1", 60.0, 0.0)
    known = places_at(lines, type("Placed", (), {"by_line": placed})())  # type: ignore[arg-type]
    first = known[(lines.rows["line"] == "1").to_numpy()].iloc[0]
    assert first.to_dict() == {"places": 100.0, "others": 20.0}


def test_children_beyond_those_on_roll_are_elsewhere() -> None:
    lines = lines_of(pd.DataFrame([setting()]), None, children(special=200)).rows.set_index("line")
    assert lines.loc["1", "load"] == 80
    assert lines.loc["SPECIAL-OTHER", "load"] == 120


def test_two_bases_at_one_school_are_two_lines() -> None:
    rows = [setting(type="resource_base", part=part, roll=6.0) for part in ("resourced provision", "SEN unit")]
    lines = lines_of(pd.DataFrame(rows), None, children(base=12)).rows
    assert list(lines.loc[~lines["pool"], "line"]) == ["1-RP", "1-UNIT"]
    assert set(lines.loc[~lines["pool"], "setting"]) == {"1"}


def test_at_most_half_of_those_in_independent_schools_are_at_local_ones() -> None:
    lines = lines_of(pd.DataFrame([setting(type="independent", roll=300.0)]), None, children(independent=100)).rows
    assert lines.set_index("line").loc["1", "load"] == 50


def test_years_in_total_only_have_the_ages_of_the_first_year_with_ages() -> None:
    by_age = pd.DataFrame({"year": [2023, 2023], "age": [5, 10], "plans": [30.0, 10.0]})
    table = with_ages(by_age, pd.Series({2022: 20.0, 2023: 40.0}))
    assert table[table["year"] == 2022]["plans"].tolist() == [15.0, 5.0]
    assert len(table) == 4


def test_needs_of_earlier_years_are_those_of_the_age_now() -> None:
    known = pd.DataFrame({"need": ["ASD", "MLD", "ASD"], "age": [5, 5, 10], "plans": [3.0, 1.0, 4.0]})
    rows = with_needs(pd.DataFrame({"year": [2022, 2022], "age": [5, 11], "plans": [8.0, 8.0]}), known)
    there = rows.set_index(["age", "need"])["plans"]
    assert there[5, "ASD"] == 6
    assert there[5, "MLD"] == 2
    assert there[11, "ASD"] == 7  # nobody of 11 now: as all ages, 7 of 8
