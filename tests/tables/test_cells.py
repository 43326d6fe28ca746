"""One cell at a time: what reads as which value, whatever is written in it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sufficiency.codes import NEEDS
from sufficiency.model import Model
from sufficiency.model_file import read_model
from sufficiency.problems import Problem, nearest
from sufficiency.tables.naming import unknown_code
from sufficiency.tables.parse import parse_value
from sufficiency.tables.readers import Fault
from sufficiency.tables.schema.columns import Column
from sufficiency.tables.schema.inputs import INPUTS
from tests.tables.faults import TOY

MODEL: Model = read_model(TOY / "toy.toml")
ANY_NUMBER = Column("pounds", "number", "any number", "£", blank=True)
PLACES = Column("places", "number", "places", "places", blank=True)
SHARE = Column("match", "number", "share", minimum=0, maximum=1)
MINUTES = Column("minutes", "number", "minutes", "minutes", minimum=0)
KM = Column("km", "number", "km", "km", minimum=0)
AGE = Column("age", "number", "age", "years", blank=True)


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
        said = str(Problem(value.what, "file.csv", 2, column.name, text, value.fix))
        assert "\n" not in said
    elif column.kind in {"number", "year"}:
        assert not math.isinf(value)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("5%", "write the £ as a number alone, such as 12.5"),
        ("£63k", "write 63000"),
        ("1.2m", "write 1200000"),
        ("(500)", "write -500 for an amount below 0"),
        ("£9,000 p.a.", "write the number alone: 9,000"),
        ("about 12", "give one number, an estimate where it is not known"),
        ("1,5", "write 1.5"),
        ("n/a", "write 0 if it is £0; leave the cell empty if this row gives no rate"),
        ("tbc", "give the number, an estimate where it is not known"),
        ("inf", "leave the cell empty"),
        ("1e999", "leave the cell empty"),
        ("<5", "give an estimate of it"),
        ("1_000", "write the £ as a number alone, such as 12.5"),
        ("#N/A", "fix the formula in the workbook, then save it again"),
    ],
)
def test_what_is_not_a_number_has_a_fix(text: str, fix: str) -> None:
    fault = parse_value(ANY_NUMBER, MODEL, text)
    assert isinstance(fault, Fault)
    assert fault.fix == fix


@pytest.mark.parametrize(
    ("column", "text", "fix"),
    [
        (SHARE, "5%", "write 0.05"),
        (PLACES, "5%", "write the places as a number alone, such as 12.5"),
        (PLACES, "12 places", "write the number alone: 12"),
        (PLACES, "12k", "write the places as a number alone, such as 12.5"),
        (PLACES, "12 (was 10)", "write the places as a number alone, such as 12.5"),
        (PLACES, "(5)", "write the places as a number alone, such as 12.5"),
        (PLACES, "no limit", "leave the cell empty where there is no limit"),
        (PLACES, "n/a", "write 0 if there are none; leave the cell empty where there is no limit"),
        (MINUTES, "1.5 hours", "write 90"),
        (MINUTES, "00:15:30", "write 15.5"),
        (MINUTES, "n/a", "give the minutes; where there is no journey, leave the row out"),
        (KM, "5 miles", "write 8.047"),  # 5 × 1.609344
        (KM, "500 m", "write the km as a number alone, such as 12.5"),
        (AGE, "under 3", "put ages in the column age_band, where “under 5” and “20 and over” are read"),
    ],
)
def test_a_fix_is_offered_only_where_the_unit_is_certain(column: Column, text: str, fix: str) -> None:
    fault = parse_value(column, MODEL, text)
    assert isinstance(fault, Fault)
    assert fault.fix == fix


@pytest.mark.parametrize(
    ("name", "text", "fix"),
    [
        # an academic year starts in September: January 2026 and August 2026 lie in 2025/26
        ("year", "15/01/2026", "write 2025: 15 January 2026 is in 2025/26"),
        ("year", "2026-08-31", "write 2025: 31 August 2026 is in 2025/26"),
        ("year", "1 Sep 2026", "write 2026: 1 September 2026 is in 2026/27"),
        ("year", "Spring 2027", "write 2026: 1 January 2027 is in 2026/27"),
        ("year", "26/27", "write 2026 for 2026/27"),
        ("year", "AY 2026/27", "write 2026 for 2026/27"),
        ("year", "2026 to 2027", "write 2026 for 2026/27"),
        ("year", "2,026", "write 2026"),
        ("year", "FY26-27", "write the year of the September in which the academic year starts"),
        ("financial_year", "FY26-27", "write 2026 for 2026/27"),
        ("financial_year", "AY2026", "write the year of the April in which the financial year starts"),
        ("closes", "31-08-2026", "write 2026: the first September from 31 August 2026 on is in 2026"),
        ("closes", "31/12/2026", "write 2027: the first September from 31 December 2026 on is in 2027"),
        ("opens", "15/01/2027", "write 2026 if it counts from 2026/27 on, 2027 if from 2027/28"),
        ("financial_year", "31/03/2027", "write 2026: 31 March 2027 is in 2026/27"),
        ("financial_year", "2027-04-01", "write 2027: 1 April 2027 is in 2027/28"),
    ],
)
def test_a_date_names_the_year_it_lies_in(name: str, text: str, fix: str) -> None:
    fault = parse_value(Column(name, "year", "a year"), MODEL, text)
    assert isinstance(fault, Fault)
    assert fault.fix == fix


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("need", "ASC", "ASD"),
        ("need", "Autism", "ASD"),
        ("need", "Speech, language and communication needs", "SLCN"),
        ("type", "SRB", "resource_base"),
        ("type", "ARP", "resource_base"),
        ("type", "Pupil referral unit", "alternative_provision"),
        ("phase", "Y7-11", "secondary"),
        ("phase", "KS3-4", "secondary"),
        ("phase", "Reception to Y6", "primary"),
        ("phase", "Years 12 to 14", "post_16"),
        ("phases", "Y7-11, post-16", ("secondary", "post_16")),
        ("phases", "R - Y11", ("primary", "secondary")),
        ("phases", "KS3 & KS4", ("secondary",)),
        ("phases", "Y7 Y8 Y9 Y10 Y11", ("secondary",)),
        ("needs", "ASC and SEMH", ("SEMH", "ASD")),
        ("needs", "Any need", tuple(NEEDS)),
        ("phases", "All phases", ("primary", "secondary", "post_16")),
        ("need", "Asperger's", "ASD"),
        ("type", "PRU/AP", "alternative_provision"),
        ("number", "£9,000", 9000.0),
    ],
)
def test_the_words_that_planners_use(kind: Any, text: str, read: object) -> None:
    assert parse_value(Column("cell", kind, "a cell"), MODEL, text) == read


@pytest.mark.parametrize("text", ["KS3", "KS1-2", "Y5-8", "middle", "fe", "Y7 Y8", "Any need"])
def test_a_part_of_a_phase_is_never_taken_for_it(text: str) -> None:
    assert isinstance(parse_value(Column("phases", "phases", "phases"), MODEL, text), Fault)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        # Reception is the year of the fifth birthday, Year 6 that of the eleventh, Year 11 that of the sixteenth
        ("4-11", "write Y0-6 if they are ages, Y4-11 if they are year groups"),
        ("11 to 16", "write Y7-11 if they are ages, Y11-16 if they are year groups"),
        ("3-19", "write -1-14 if they are ages, Y3-19 if they are year groups"),
        ("16-25", "write Y12-20"),
        ("4-11 11-16", "write Y0-6 if they are ages, Y4-11 if they are year groups"),
    ],
)
def test_the_ages_of_a_school_are_not_taken_for_year_groups(text: str, fix: str) -> None:
    fault = parse_value(INPUTS["places"].column("phases"), MODEL, text)
    assert isinstance(fault, Fault)
    assert fault.fix == fix
    # what is written then is read, as the same year groups
    assert parse_value(INPUTS["places"].column("phases"), MODEL, "Y0-6") == ("primary",)


def test_where_year_groups_are_the_phases_a_range_is_of_them() -> None:
    model = MODEL.model_copy(update={"phases": "year_groups"})
    column = INPUTS["places"].column("phases")
    assert parse_value(column, model, "4-11") == tuple(str(group) for group in range(4, 12))
    fault = parse_value(column, model, "16-25")  # no year group is the 25th
    assert isinstance(fault, Fault)
    assert fault.fix == "write Y12-20"


def test_letters_joined_by_a_sign_stay_one_word_in_a_list() -> None:
    fault = parse_value(Column("needs", "needs", "needs"), MODEL, "C&I, SEMH")
    assert isinstance(fault, Fault)
    assert fault.what == "“C&I” is not a primary need code"


def test_codes_made_of_digits_are_not_guessed() -> None:
    assert nearest("113824", ["113842", "113843"]) is None
    assert nearest("E01003296", ["E01003295"]) is None
    assert nearest("demand_2026.csv", ["demand_2025.csv"]) is None
    assert nearest("cost 2025", ["costs 2025"]) == "costs 2025"
    assert nearest("q-11", ["Q11", "Q12"]) == "Q11"
    known, names = ["0123", "100002", "100003"], ["Quay", "Sands School", "Sands School"]
    assert unknown_code("123", known) == "did you mean “0123”? Zeros at the beginning were lost or added"
    assert "boundaries" in unknown_code("E01003296", ["E01003295"])
    assert "wards" in unknown_code("E05011230", ["E01003295"])
    assert unknown_code("sands school", known, names).endswith("one of 100002, 100003")
    assert unknown_code("Quey", known, names) == "did you mean “Quay”? Its code is 0123"


@pytest.mark.parametrize("text", ["202627", "2026", "2026.0", "2026/27", "2026-27", "2026/2027", " 2026 – 27 "])
def test_an_academic_year_in_many_ways(text: str) -> None:
    assert parse_value(INPUTS["demand"].column("year"), MODEL, text) == 2026


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ADS", "ASD"), ("SMEH", "SEMH"), ("slnc", "SLCN"), ("PMDL", "PMLD"), ("zzz", None), ("x", None)],
)
def test_the_nearest_code(written: str, meant: str | None) -> None:
    codes = ["SPLD", "MLD", "SLD", "PMLD", "DS", "SEMH", "SLCN", "ASD", "HI", "VI", "MSI", "PD", "OTH"]
    assert nearest(written, codes) == meant
