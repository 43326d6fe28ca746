"""One cell at a time: what reads as which value, whatever is written in it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.model import Model
from sufficiency.model_file import read_model
from sufficiency.problems import Problem, nearest
from sufficiency.tables.parse import parse_value
from sufficiency.tables.readers import Fault
from sufficiency.tables.schema.columns import Column
from sufficiency.tables.schema.inputs import INPUTS
from tests.tables.faults import TOY

MODEL: Model = read_model(TOY / "toy.toml")
ANY_NUMBER = Column("pounds", "number", "any number", blank=True)


@given(st.floats(min_value=-1e12, max_value=1e12, allow_nan=False))
def test_a_number_written_in_full_reads_as_itself(number: float) -> None:
    assert parse_value(ANY_NUMBER, MODEL, repr(number)) == number


@given(st.integers(min_value=0, max_value=10**11))
def test_thousands_and_pounds_read_as_the_number(number: int) -> None:
    assert parse_value(ANY_NUMBER, MODEL, f" £{number:,} ") == number


@given(st.sampled_from([column for spec in INPUTS.values() for column in spec.columns]), st.text())
def test_no_text_makes_a_reader_fail(column: Column, text: str) -> None:
    value = parse_value(column, MODEL, text)
    if isinstance(value, Fault):
        said = str(Problem(value.what, "file.csv", 2, column.name, text, value.mend))
        assert "\n" not in said
    elif column.kind in {"number", "year"}:
        assert not math.isinf(value)


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("5%", "write 0.05"),
        ("£63k", "write 63000"),
        ("1.2m", "write 1200000"),
        ("(500)", "write -500 for an amount below 0"),
        ("12 places", "write the number alone: 12"),
        ("1,5", "write 1.5"),
        ("n/a", "leave the cell empty"),
        ("nan", "leave the cell empty"),
        ("inf", "leave the cell empty"),
        ("1e999", "leave the cell empty"),
        ("<5", "give an estimate of it, such as 3"),
        ("1_000", "write a number, such as 12.5"),
        ("#N/A", "mend the formula in the workbook, then save it again"),
    ],
)
def test_a_number_that_is_none_has_a_mend(text: str, mend: str) -> None:
    fault = parse_value(ANY_NUMBER, MODEL, text)
    assert isinstance(fault, Fault)
    assert fault.mend == mend


@pytest.mark.parametrize("text", ["2026", "2026.0", "2026/27", "2026-27", "2026/2027", " 2026 – 27 "])
def test_an_academic_year_in_many_ways(text: str) -> None:
    assert parse_value(INPUTS["demand"].column("year"), MODEL, text) == 2026


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ADS", "ASD"), ("SMEH", "SEMH"), ("slnc", "SLCN"), ("PMDL", "PMLD"), ("zzz", None), ("x", None)],
)
def test_the_nearest_code(written: str, meant: str | None) -> None:
    codes = ["SPLD", "MLD", "SLD", "PMLD", "DS", "SEMH", "SLCN", "ASD", "HI", "VI", "MSI", "PD", "OTH"]
    assert nearest(written, codes) == meant
