"""Tables as CSV: Excel reads them and runs nothing, and every digit comes back."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.problems import InputError
from sufficiency.result.written import guarded, read_csv, unguarded, write_csv
from sufficiency.tables.schema.results import OUTPUTS
from tests.examples import examples
from tests.result.small import table
from tests.solved import toy_result

AWAITING = OUTPUTS["awaiting"]
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
WILD = st.one_of(CELL, st.text("'=+-@\t\r\n\"1.", max_size=6))
NUMBER = st.floats(allow_infinity=False)


@examples(60)
@given(st.lists(st.tuples(st.integers(1990, 2100), WILD, WILD, WILD, NUMBER), max_size=8))
def test_every_table_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object]]) -> None:
    file = tmp_path_factory.mktemp("csv") / "awaiting.csv"
    frame = table("awaiting", *rows)
    write_csv(frame, AWAITING, file)
    pd.testing.assert_frame_equal(read_csv(file, AWAITING), frame, check_exact=True)


@given(WILD)
def test_no_text_runs_as_a_formula(text: str) -> None:
    shown = guarded(text)
    assert unguarded(shown) == text
    if shown[:1] and shown[0] in "=+-@\t\r\n":
        assert float(shown) == float(text)  # a bare number only


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "-1+1", "＝1", "'=1", "=cmd|' /C calc'!A0"]
)
def test_what_excel_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-1", "+3.5", "", "Oak", "O'Brien", "'tis", "a=b", "000123"])
def test_the_rest_stays(text: str) -> None:
    assert guarded(text) == text


def test_excel_can_see_that_it_is_utf8(tmp_path: Path) -> None:
    file = tmp_path / "awaiting.csv"
    write_csv(table("awaiting", (2026, "St Æthelburga’s", "ASD", "-1", -0.1 - 0.2)), AWAITING, file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [list(AWAITING.names), ["2026", "St Æthelburga’s", "ASD", "-1", "-0.30000000000000004"]]


def test_columns_are_those_of_the_catalogue_in_order(tmp_path: Path) -> None:
    frame = table("awaiting", (2026, "A", "ASD", "-1", 1.0))
    write_csv(frame.assign(extra=1)[["extra", *reversed(AWAITING.names)]], AWAITING, tmp_path / "a.csv")
    assert list(read_csv(tmp_path / "a.csv", AWAITING).columns) == list(AWAITING.names)


def test_codes_keep_their_zeros_and_blanks_their_kind(tmp_path: Path) -> None:
    file = tmp_path / "awaiting.csv"
    write_csv(table("awaiting", (2026, "000123", "", "NA", float("nan"))), AWAITING, file)
    back = read_csv(file, AWAITING)
    assert back.loc[0, ["area", "need", "phase"]].tolist() == ["000123", "", "NA"]
    assert back["children"].isna().all()


@pytest.mark.parametrize("text", ["", "year,area\n", "year,area,need,phase,children\n2026,A,ASD,p,many\n"])
def test_another_file_in_its_place_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "awaiting.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=r"awaiting\.csv"):
        read_csv(file, AWAITING)


def test_names_stand_after_their_codes_and_are_left_out_when_read_back(tmp_path: Path) -> None:
    frame = table("awaiting", (2026, "001", "ASD", "-1", 2.0), (2026, "B", "ASD", "-1", 1.0))
    file = tmp_path / "awaiting.csv"
    write_csv(frame, AWAITING, file, {"area": {"001": "=Oak"}})
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["year", "area", "area_name", "need", "phase", "children"]
    assert [row[2] for row in rows[1:]] == ["'=Oak", ""]
    pd.testing.assert_frame_equal(read_csv(file, AWAITING), frame, check_exact=True)


def test_a_saved_result_names_areas_settings_options_and_budget_lines(tmp_path: Path) -> None:
    folder = toy_result().save(tmp_path / "toy")
    placements, programme, spend = (
        pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", dtype=str)
        for name in ("placements", "programme", "spend")
    )
    assert dict(zip(placements["area"], placements["area_name"], strict=True))["N1"] == "North Quay"
    assert dict(zip(placements["setting"], placements["setting_name"], strict=True))["100001"] == "Quay Primary base"
    assert programme.loc[0, ["option", "option_name"]].tolist() == ["QB+", "Two more rooms at Quay"]
    lines = dict(zip(spend["budget_line"], spend["budget_line_name"], strict=True))
    assert lines["1.2.1"] == "Top-up funding, maintained schools"
