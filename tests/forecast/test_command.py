"""The command `forecast`, and Witan SEND's outputs."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sufficiency import api
from sufficiency.cli import main
from sufficiency.problems import InputError
from sufficiency.sources.witan import read_witan, specialist_only
from tests.forecast.small import band_history, fine_history, small_model


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_forecast_is_a_folder_of_tables_and_plots(tmp_path: Path) -> None:
    model = small_model(tmp_path, fine_history())
    done = run("forecast", model, "-o", tmp_path / "out", "--backtest", "--quiet")
    assert done.exit_code == 0, done.output
    files = {file.name for file in (tmp_path / "out").iterdir()}
    assert files >= {"demand.csv", "levels.csv", "plans.csv", "rates.csv", "errors.csv", "backtest.csv", "summary.json"}
    assert files >= {"plans-by-phase.png", "plans-by-need.png", "specialist-places-by-phase.png"}
    assert "FICTIONAL" in done.stdout
    assert "this forecast" in done.stdout
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["kind"] == "forecast"
    assert summary["fictional"] is True
    assert summary["inputs"]["history"]["sha256"]


def test_its_demand_is_a_demand_table(tmp_path: Path) -> None:
    model = small_model(tmp_path, fine_history())
    assert run("forecast", model, "-o", tmp_path / "out", "--quiet").exit_code == 0
    text = model.read_text(encoding="utf-8").replace('demand = "demand.csv"', 'demand = "out/demand.csv"')
    model.write_text(text.replace("[forecast]\npaths = 200\n", ""), encoding="utf-8")
    read = api.read(model).tables.demand
    demand = pd.read_csv(tmp_path / "out" / "demand.csv", encoding="utf-8-sig")
    assert read["children"].sum() == pytest.approx(demand["children"].sum())


def test_one_json_document(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history())
    done = run("forecast", model, "-o", tmp_path / "out", "--json", "--quiet")
    assert json.loads(done.stdout)["children"]["2028"]["mean"] > 0


def test_another_folder_is_left_alone_and_an_earlier_forecast_is_replaced(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history())
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine", encoding="utf-8")
    refused = run("forecast", model, "-o", mine)
    assert refused.exit_code == 2
    assert [file.name for file in mine.iterdir()] == ["notes.txt"]
    for _ in range(2):
        assert run("forecast", model, "-o", tmp_path / "out", "--quiet").exit_code == 0


def test_a_plan_does_not_overwrite_a_forecast(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history())
    assert run("forecast", model, "-o", tmp_path / "out", "--quiet").exit_code == 0
    assert run("plan", model, "-o", tmp_path / "out", "--quiet").exit_code == 2


def test_a_history_that_makes_no_sense_is_reported_without_a_traceback(tmp_path: Path) -> None:
    model = small_model(tmp_path, band_history().astype({"plans": object}).replace(20.0, "many"))
    done = run("forecast", model, "-o", tmp_path / "out")
    assert done.exit_code == 2
    assert "history.csv, row" in done.stderr
    assert not (tmp_path / "out").exists()


# ---- Witan SEND


def witan(folder: Path, years: range = range(2026, 2030), colon: str = ":") -> Path:
    rows = [
        (year, ncy, f"{colon}{need}-{setting}", 10.0 + year - 2026, 1.0, 8.0, 12.0)
        for year in years
        for ncy in range(12)
        for need in ("ASD", "SEMH")
        for setting in ("SS", "MMSIB", "M")
    ]
    columns = ["calendar-year", "academic-year", "state", "mean", "std-dev", "low-95pc-bound", "high-95pc-bound"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "Output_AY_State.csv", index=False)
    return folder / "Output_AY_State.csv"


@pytest.mark.parametrize("colon", [":", ""])
def test_states_are_needs_and_settings(tmp_path: Path, colon: str) -> None:
    rows = read_witan(witan(tmp_path, colon=colon))
    assert set(rows["need"]) == {"ASD", "SEMH"}
    assert set(rows["setting"]) == {"SS", "MMSIB", "M"}
    assert rows["low"].iloc[0] == 8
    assert len(specialist_only(rows, ["ss"], "file")) == len(rows) / 3


@pytest.mark.parametrize("columns", [{"need": ["SPLD"], "setting": ["SS"]}, {"need-setting": ["SPLD-SS"]}])
def test_need_and_setting_in_other_columns(tmp_path: Path, columns: dict[str, list[str]]) -> None:
    frame = pd.DataFrame({"calendar-year": [2026], "academic-year": [3], **columns, "population": [4]})
    frame.to_csv(tmp_path / "state.csv", index=False)
    rows = read_witan(tmp_path / "state.csv")
    assert rows.iloc[0][["need", "setting", "children"]].tolist() == ["SPLD", "SS", 4]


def test_every_bad_row_of_a_state_file_is_reported(tmp_path: Path) -> None:
    file = witan(tmp_path)
    frame = pd.read_csv(file, dtype=str)
    frame.loc[0, "mean"] = "-3"
    frame.loc[1, "academic-year"] = "40"
    frame.loc[2, "state"] = "ASDD-SS"
    frame.to_csv(file, index=False)
    with pytest.raises(InputError) as refused:
        read_witan(file)
    assert {problem.row for problem in refused.value.problems} == {2, 3, 4}


def test_a_plan_may_use_witans_forecast(tmp_path: Path) -> None:
    witan(tmp_path)
    section = 'reads = "witan"\nspecialist_settings = ["SS", "MMSIB"]'
    model = small_model(tmp_path, None, section)
    text = model.read_text(encoding="utf-8").replace('demand = "demand.csv"', 'demand = "Output_AY_State.csv"')
    model.write_text(text, encoding="utf-8")
    demand = api.read(model).tables.demand
    # two needs, seven or five year groups, two settings, 10 children and one more each year: 2026/27 is January 2027
    later = demand[demand["year"] == 2026].groupby("phase")["children"].sum()
    assert later[later > 0].to_dict() == pytest.approx({"primary": 2 * 7 * 2 * 11, "secondary": 2 * 5 * 2 * 11})
    made = run("forecast", model, "-o", tmp_path / "out", "--quiet")
    assert made.exit_code == 0, made.output


def test_years_that_witan_did_not_forecast_are_named(tmp_path: Path) -> None:
    witan(tmp_path, range(2026, 2028))
    model = small_model(tmp_path, None, 'reads = "witan"')
    text = model.read_text(encoding="utf-8").replace('demand = "demand.csv"', 'demand = "Output_AY_State.csv"')
    model.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="2028, 2029"):
        api.read(model)
