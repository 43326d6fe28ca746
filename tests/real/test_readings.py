"""Tables from public sources and of councils' habits, kept beside the checkout: read right, or explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from sufficiency import api
from sufficiency.forecast.inputs import read_inputs
from sufficiency.model_file import read_model
from sufficiency.problems import InputError
from tests.conftest import Require
from tests.tables.faults import TESTS

CASES = TESTS.parent.parent / "shared" / "cases"
pytestmark = pytest.mark.real


@pytest.fixture
def cases(require: Require) -> Path:
    require("shared", CASES.is_dir(), "../shared/cases is not there")
    return CASES


def said(model: Path) -> list[str]:
    return [str(problem) for problem in api.inspect(model)[0]]


def test_a_village_is_no_planning_area(cases: Path) -> None:
    lines = said(cases / "01-gias-extract" / "step3.toml")
    villages = [line for line in lines if "column locality" in line]
    assert villages
    assert all("no area is in this locality" in line for line in villages)
    assert not any("locality" in line for line in said(cases / "01-gias-extract" / "control.toml"))


def test_published_ages_and_years_are_read(cases: Path) -> None:
    """DfE's table of one authority: 1,923 plans in January 2025, the academic year 2024/25."""
    folder = cases / "02-dfe-ehc-by-age"
    for name in ("history_as_published", "history_2024", "history_ok"):
        inputs = read_inputs(read_model(folder / f"{name}.toml"))
        assert inputs.years[-1] == 2024
        assert inputs.plans[-1].sum() == pytest.approx(1923)
    with pytest.raises(InputError, match="put ages in the column age_band"):
        read_inputs(read_model(folder / "history_age.toml"))


@pytest.mark.parametrize("name", ["witan_pop", "witan_pop_mended", "witan_need_setting"])
def test_broad_areas_of_need_are_no_primary_needs(cases: Path, name: str) -> None:
    with pytest.raises(InputError, match="sensory and/or physical") as refused:
        read_inputs(read_model(cases / "03-witan-broad-needs" / f"{name}.toml"))
    assert [problem.column for problem in refused.value.problems] == ["need-setting" if "setting" in name else "need"]


def test_workbooks_with_merged_and_hidden_cells(cases: Path) -> None:
    folder = cases / "13-excel-shapes"
    plain = api.read(folder / "toy.toml")
    for name in ("m_merged", "m_mneeds", "m_mcosts", "m_grouped", "m_title", "m_total", "m_hidden"):
        case = api.read(folder / f"{name}.toml")
        for table in ("places", "costs"):
            read, wanted = getattr(case.tables, table), getattr(plain.tables, table)
            assert read[wanted.columns].reset_index(drop=True).equals(wanted.reset_index(drop=True)), (name, table)
    assert "the sheet places is hidden" in said(folder / "m_hidden_same.toml")[0]
    assert len(said(folder / "m_wide.toml")) == 1


@pytest.mark.parametrize(
    ("name", "fix"), [("m_jan", "write 2025: 15 January 2026 is in 2025/26"), ("m_stamp", "write 2025"), ("m_iso", "")]
)
def test_dates_for_years_bring_no_other_message(cases: Path, name: str, fix: str) -> None:
    lines = said(cases / "14-parquet-types" / f"{name}.toml")
    assert all("a date, not a year" in line for line in lines)
    assert fix in lines[0]


def test_an_area_of_other_boundaries_is_not_guessed(cases: Path) -> None:
    lines = said(cases / "18-lsoa-2011-2021" / "m.toml")
    assert lines
    assert all("boundaries" in line and "did you mean" not in line for line in lines)
