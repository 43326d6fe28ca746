"""Matrices of routing programs, read as the travel table: the toy's own journeys in other shapes."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.api.reading import read
from sufficiency.case import Case
from sufficiency.problems import InputError
from tests.roads import TOY
from tests.solved import toy_case


def _journeys() -> pd.DataFrame:
    return pd.read_csv(TOY / "travel.csv", dtype={"setting": str})


def _wide() -> pd.DataFrame:
    return _journeys().set_index(["area", "setting"])["minutes"].unstack()  # noqa: PD010


def _read(folder: Path, matrix: pd.DataFrame) -> Case:
    made = folder / "toy"
    shutil.copytree(TOY, made)
    matrix.to_csv(made / "travel.csv", index=False)
    return read(made / "toy.toml")


def _said(case: Case) -> str:
    return "\n".join(map(str, case.warnings))


def test_osrm_long_in_seconds_and_metres(tmp_path: Path) -> None:
    own = _journeys()
    long = pd.DataFrame({"origin": own["area"], "destination": own["setting"], "duration": own["minutes"] * 60})
    case = _read(tmp_path, long.assign(distance=own["km"] * 1000))
    np.testing.assert_allclose(case.journeys.minutes, toy_case().journeys.minutes)
    np.testing.assert_allclose(case.journeys.km, toy_case().journeys.km)
    assert "it is read with duration as seconds and distance as metres" in _said(case)


def test_the_same_words_for_minutes_and_km(tmp_path: Path) -> None:
    """OSRM's words with other units, as R's package osrm writes them: the speed says which."""
    own = _journeys()
    long = pd.DataFrame({"source": own["area"], "target": own["setting"], "durations": own["minutes"]})
    case = _read(tmp_path, long.assign(distances=own["km"] * 1000))
    np.testing.assert_allclose(case.journeys.minutes, toy_case().journeys.minutes)
    np.testing.assert_allclose(case.journeys.km, toy_case().journeys.km)
    assert "durations as minutes and distances as metres" in _said(case)


def test_r5py_long_without_km(tmp_path: Path) -> None:
    own = _journeys()
    long = pd.DataFrame({"from_id": own["area"], "to_id": own["setting"], "travel_time": own["minutes"]})
    case = _read(tmp_path, long)
    np.testing.assert_allclose(case.journeys.minutes, toy_case().journeys.minutes)
    straight = 1.3 * np.hypot(0.5, 0.5)  # N1 (402500, 302500) to 100001 (402000, 303000)
    assert case.journeys.km[0, 0] == pytest.approx(straight)
    assert "travel_time as minutes; km, which it does not have, are worked out from straight lines" in _said(case)


@pytest.mark.parametrize(("unit", "words"), [(1, "minutes"), (60, "seconds")])
def test_wide(unit: int, words: str, tmp_path: Path) -> None:
    wide = _wide() * unit
    case = _read(tmp_path, wide.rename_axis("from_id").reset_index())
    np.testing.assert_allclose(case.journeys.minutes, toy_case().journeys.minutes)
    assert f"cells as {words}, a setting a column" in _said(case)


def test_a_blank_cell_is_no_way(tmp_path: Path) -> None:
    """Nobody goes from S1 to 100001 today; the pair is not offered. Children of S1 go to 100003: an error."""
    wide = _wide()
    wide.loc["S1", "100001"] = np.nan
    case = _read(tmp_path / "one", wide.reset_index())
    assert np.isnan(case.journeys.minutes[2, 0])
    wide.loc["S1", "100003"] = np.nan
    with pytest.raises(InputError, match="there is no journey between this area and setting, but"):
        _read(tmp_path / "two", wide.reset_index())


def test_a_code_that_is_not_known_is_named_with_its_row(tmp_path: Path) -> None:
    wide = _wide().rename(columns={"100004": "999999"})
    with pytest.raises(InputError, match=r"travel\.csv, row 2, column setting, value “999999”"):
        _read(tmp_path, wide.reset_index())


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"duration": 150.0}, "“duration” may be minutes or seconds: the middle journey is 150"),
        ({"duration": 1.0, "distance": 3e6}, "the units of “duration” and “distance” are not certain"),
    ],
)
def test_units_that_are_not_certain(columns: dict[str, float], said: str, tmp_path: Path) -> None:
    own = _journeys()
    long = pd.DataFrame({"origin": own["area"], "destination": own["setting"]}).assign(**columns)
    with pytest.raises(InputError) as error:
        _read(tmp_path, long)
    assert said in str(error.value)
    assert "call the column" in str(error.value)


def test_a_slip_in_a_heading_is_a_slip(tmp_path: Path) -> None:
    """A table that is nearly the catalogue's is not taken for a matrix."""
    with pytest.raises(InputError, match="the column minutes is missing → did you mean “minuts”"):
        _read(tmp_path, _journeys().rename(columns={"minutes": "minuts"}))


def test_a_cell_of_a_wide_table_that_is_no_number_is_named(tmp_path: Path) -> None:
    wide = _wide().astype(str)
    wide.loc["N2", "100002"] = "far"
    with pytest.raises(InputError, match=r"travel\.csv, row 3, column minutes, value “far”"):
        _read(tmp_path, wide.reset_index())


def test_thousands_are_in_the_unit_of_the_table(tmp_path: Path) -> None:
    """`1,500` seconds are 25 minutes, as 1500 are."""
    wide = (_wide() * 60).astype(str)
    wide.loc["S1", "100001"] = "1,500"
    assert _read(tmp_path, wide.reset_index()).journeys.minutes[2, 0] == 25.0


def test_a_heading_that_stands_twice_is_named(tmp_path: Path) -> None:
    own = _journeys()
    long = pd.DataFrame({"from_id": own["area"], "to_id": own["setting"], "travel_time": own["minutes"]})
    twice = pd.concat([long, long["travel_time"]], axis=1)
    with pytest.raises(InputError, match=r"travel\.csv, row 1, column travel_time: the column is there twice"):
        _read(tmp_path, twice)
