"""What is wrong in a model file is listed all at once, in a planner's words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sufficiency.model_file import read_model
from sufficiency.problems import InputError

WHOLE = """\
name = "X"
base_year = 2025
years = [2026, 2035]
[tables]
areas = "a.csv"
demand = "d.csv"
settings = "s.csv"
places = "p.csv"
costs = "c.csv"
"""


def faults_in(folder: Path, text: str) -> list[str]:
    file = folder / "m.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_model(file)
    return [str(problem).removeprefix(str(file)) for problem in caught.value.problems]


def test_faults_of_keys_and_between_keys_are_reported_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("[2026, 2035]", "[2028, 2027]") + (
        "[continuity]\nstay = { primry = 0.5 }\n[weights]\nover_places = -1\n"
        "[finance]\ninflation = { independnt = 0.1, defalt = 0.2 }\n[travel]\nlimit_minutes = { secondry = 40 }\n"
        "[scenarios.base]\n[scenarios.late]\n[scenarios.LATE]\n[scenarios.nul]\n[scenarios.year]\n"
    )
    faults = faults_in(tmp_path, text)
    for part in (
        "weights.over_places: must be 0 or more",
        "“independnt” is not a setting type",
        "“defalt” is not a setting type",
        "the first year 2028 is after the last year 2027",
        "years must start in the year after base_year: 2026",
        "continuity.stay: “primry” is not a phase",
        "travel.limit_minutes: “secondry” is not a phase",
        "two names differ only in capitals",
        "scenarios.base: `base` is the model itself",
        "scenarios.nul: Windows keeps this name",
        "scenarios.year: a comparison has a column of this name",
    ):
        assert sum(part in fault for fault in faults) == 1, part
    assert len(faults) == 11


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("[weights]\nover_places = true", "weights.over_places: must be a number, not true"),
        ("[weights]\nover_places = \"12\"", "weights.over_places: must be a number, not “12”"),
        ("[weights]\nover_places = 2026-01-01", "weights.over_places: must be a number, not “2026-01-01”"),
        ("[weights]\nover_places = nan", "weights.over_places: must be a number, not nan or inf"),
        ("[rules]\nreserve = 5", "rules.reserve: must be 1 or less → write 0.05 for 5 %"),
        ("[weights]\nover_places = 99999999999999999999999", "weights.over_places: must be 10,000,000,000 or less"),
        ("[finance]\ninflation = { default = inf }", "finance.inflation.default: must be a number, not nan or inf"),
        ("[finance]\ntail_years = 2.5", "finance.tail_years: must be a whole number"),
        ("[finance]\ntail_years = true", "finance.tail_years: must be a number, not true"),
        ("[continuity]\npreference_share = true", "continuity.preference_share: must be a number, not true"),
        ("[continuity]\npreference_share = { 2026 = true }", "must be a number, not true"),
        ("[continuity]\npreference_share = { independent = { 2026 = true } }", "must be a number, not true"),
        ("[continuity]\npreference_share = { indepndent = 0.3 }", "“indepndent” is not a setting type; did you mean"),
        ("[continuity]\nenrolment = { FS1 = 60 }", "continuity.enrolment.FS1: must be 1 or less → write 0.6 for 60 %"),
        ("[rules]\ncommitted = { FS2 = 2029.5 }", "rules.committed.FS2: must be a whole number"),
        ("[scenarios.a]\nbuilds_on = 5", 'scenarios.a.builds_on 1: must be text in "quotes"'),
        ("[rules]\nbases_first = 1", "rules.bases_first: must be true or false, without quotes"),
        ("[rules]\nhard_journey_limit = \"yes\"", "rules.hard_journey_limit: must be true or false, without quotes"),
        ("[phases]\nprimary = [0, true]", "must be a number, not true"),
        ("[phases]\nPrimary = [0, 6]\nprimary = [7, 11]", "phases: two names differ only in capitals or spaces"),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_a_number(tmp_path: Path, line: str, fault: str) -> None:
    faults = faults_in(tmp_path, WHOLE + line + "\n")
    assert len(faults) == 1
    assert fault in faults[0]


def test_what_must_be_there_and_is_not_hides_nothing(tmp_path: Path) -> None:
    faults = faults_in(
        tmp_path, 'base_year = "2025"\nyears = [2026]\n[tables]\nareas = 1\ndemad = "x"\n[rules]\nshar = 1\n'
    )
    for part in ("name is missing", "base_year: must be a number", "years: must have two", "tables.areas: must be text",
                 "tables.places is missing", "demad", "rules.shar is not a key"):  # fmt: skip
        assert sum(part in fault for fault in faults) == 1, part


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('[labels]\nabout = "C:\\data\\demand.csv"', "write paths with / in place of"),
        ('[labels]\nabout = "C:\\Users\\demand.csv"', "write paths with / in place of"),
        ("[weights]\nover_places = 1\nover_places = 2", "row 12: this key or section is there already → keep one"),
        ("[weights]\n[weights]", "row 11: this key or section is there already → keep one"),
        ("[weights]\nover_places = £12,000", "numbers without £ or commas"),
    ],
)
def test_lines_that_are_no_toml_say_what_to_write(tmp_path: Path, line: str, fault: str) -> None:
    assert fault in faults_in(tmp_path, WHOLE + line + "\n")[0]


def test_a_pipe_is_no_model_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "model.toml")
    with pytest.raises(InputError, match=r"model\.toml: this is not an ordinary file"):
        read_model(tmp_path / "model.toml")
