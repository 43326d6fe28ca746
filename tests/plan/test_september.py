"""A September by line and year group, each number derived beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.api import september_view
from sufficiency.cli import main
from sufficiency.plan.explain.september import september
from sufficiency.plan.rows.instance import prepare
from sufficiency.problems import InputError

from ..examples import examples
from ..random_cases import random_case
from ..solved import TOY, toy_case
from ..worked import case_of, model_of, steady

COUNTS = ["staying", "leaving", "joining"]


def of_line(table: pd.DataFrame, line: str) -> dict[tuple[str, str], list[float]]:
    rows = table[table["line"] == line]
    keys = zip(rows["phase"], rows["year_group"], strict=True)
    return dict(zip(keys, rows[COUNTS].values.tolist(), strict=True))


def test_year_groups_move_up_and_the_last_leave() -> None:
    # A school for Years 5 and 6 with 6 places: 3 children in Year 5, 2 in Year 6. In September the 3 are in Year 6, 2
    # leave, and 2 new children are in Year 5, whom it takes: 6 − 3 − 2 = 1 place is vacant. Year 6 has 3 in all.
    case = case_of(
        model_of((2025, 2026), phases="year_groups", continuity={"through": {}}),
        demand=[
            *({"area": "A", "phase": "5", "year": year, "children": n} for year, n in ((2025, 3), (2026, 2))),
            *({"area": "A", "phase": "6", "year": year, "children": n} for year, n in ((2025, 2), (2026, 3))),
        ],
        places=[{"line": "s", "setting": "S", "places": 6, "phases": ("5", "6")}],
        costs=[{"type": "special_school", "per_child": 0}],
        placements=[
            {"area": "A", "phase": "5", "line": "s", "children": 3},
            {"area": "A", "phase": "6", "line": "s", "children": 2},
        ],
    )
    table = september(prepare(case), 2026)
    assert of_line(table, "s") == {
        ("", ""): pytest.approx([3, 2, 2]),
        ("5", "5"): pytest.approx([0, 0, 2]),
        ("6", "6"): pytest.approx([3, 2, 0]),
    }
    (whole,) = table[table["phase"] == ""].to_dict("records")
    assert (whole["places"], whole["vacancies"]) == (6, pytest.approx(1))


def test_a_history_splits_a_phase_and_leavers_are_its_last_year_group() -> None:
    # Years 7 to 9 in one phase; 6 in the line, of whom a third leave each year (stay 2/3), 2 join. The history has 1, 2
    # and 1 plans in Years 7, 8, 9: the 4 who stay are in Year 8 or 9, as 2 to 1; the 2 who join as 1, 2, 1.
    case = case_of(
        model_of((2025, 2026), phases={"middle": [7, 9]}),
        demand=steady("A", 6, range(2025, 2027), phase="middle"),
        places=[{"line": "s", "setting": "S", "places": 8}],
        costs=[{"type": "special_school", "per_child": 0}],
        placements=[{"area": "A", "phase": "middle", "line": "s", "children": 6}],
    )
    base = prepare(case)
    shares = {("ASD", 7): 1.0, ("ASD", 8): 2.0, ("ASD", 9): 1.0, ("MLD", 7): 9.0}
    assert of_line(september(base, 2026, shares), "s") == {
        ("", ""): pytest.approx([4, 2, 2]),
        ("middle", "7"): pytest.approx([0, 0, 0.5]),
        ("middle", "8"): pytest.approx([8 / 3, 0, 1]),
        ("middle", "9"): pytest.approx([4 / 3, 2, 0.5]),
    }
    assert of_line(september(base, 2026), "s") == {
        ("", ""): pytest.approx([4, 2, 2]),
        ("middle", ""): pytest.approx([4, 2, 2]),
    }


def test_a_line_that_closes_loses_all_its_children() -> None:
    case = case_of(
        model_of((2025, 2026), continuity={"stay": {"primary": 1.0}}),
        demand=steady("A", 2, range(2025, 2027)),
        settings=[{"setting": "S", "closes": 2026}, {"setting": "T"}],
        places=[{"line": name.lower(), "setting": name, "places": 2} for name in ("S", "T")],
        costs=[{"type": "special_school", "per_child": 0}],
        placements=[{"area": "A", "line": "s", "children": 2}],
    )
    table = september(prepare(case), 2026)
    assert of_line(table, "s")[("", "")] == pytest.approx([0, 0 + 2, 0])
    assert of_line(table, "t")[("", "")][2] == pytest.approx(1.8)  # new places, nine in ten of them filled


@given(st.integers(0, 100_000), st.booleans())
@examples(30)
def test_those_who_stay_and_leave_were_there_and_parts_add_up_to_the_line(seed: int, year_groups: bool) -> None:
    case = random_case(seed, year_groups)
    base = prepare(case)
    table = september(base, 2026, None if year_groups else {("ASD", 3): 1.0})
    whole = table[(table["phase"] == "") & (table["year_group"] == "")].set_index("line")
    parts = table[table["phase"] != ""].groupby("line")[COUNTS].sum()
    pd.testing.assert_frame_equal(
        whole.loc[parts.index, COUNTS].astype(float), parts, check_names=False, check_like=True, atol=1e-6
    )
    placed = case.tables.placements
    there = placed.groupby("line")["children"].sum() if placed is not None else pd.Series(dtype=float)
    for line, row in whole.iterrows():
        assert row["staying"] + row["leaving"] == pytest.approx(float(there.get(line, 0.0)), abs=1e-6)
        if not np.isnan(row["places"]):
            assert row["vacancies"] == pytest.approx(row["places"] - row["staying"] - row["joining"], abs=1e-6)


def test_the_command_shows_it_and_writes_it(tmp_path: Path) -> None:
    words = ["check", str(TOY), "--september", "2026", "-o", str(tmp_path / "out"), "--quiet"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "Quay Primary base (QB)" in done.stdout
    written = pd.read_csv(tmp_path / "out" / "september.csv", encoding="utf-8-sig", dtype={"line": str})
    assert list(written.columns) == [
        *("setting", "line", "phase", "year_group", "places", "staying", "leaving", "joining", "vacancies")
    ]
    # 11 children of a phase of seven year groups: a seventh leaves
    (quay,) = written[(written["line"] == "QB") & written["phase"].isna()].to_dict("records")
    assert (quay["staying"], quay["leaving"]) == (pytest.approx(11 * 6 / 7), pytest.approx(11 / 7))
    told = json.loads(CliRunner().invoke(main, [*words[:4], "--json", "--quiet"]).stdout)
    assert len(told["september"]) == len(written)


def test_a_september_that_is_not_planned_is_refused() -> None:
    with pytest.raises(InputError, match="2030"):
        september_view(toy_case(), 2030)
    done = CliRunner().invoke(main, ["check", str(TOY), "-o", "x"])
    assert done.exit_code == 2
    assert "--september" in done.stderr
