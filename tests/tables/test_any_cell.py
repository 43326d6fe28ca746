"""Whatever stands in one cell of one table, it is read or named: nothing fails."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sufficiency.model_file import read_model
from sufficiency.problems import InputError
from sufficiency.tables.checks.all import check_tables
from sufficiency.tables.read import tables_from_frames
from tests.examples import examples
from tests.tables.faults import TOY

MODEL = read_model(TOY / "toy.toml")
NAMES = ("demand", "settings", "places", "placements", "costs", "options", "travel", "budget", "other_spend")
FRAMES = {name: pd.read_csv(TOY / f"{name}.csv", dtype=str, keep_default_na=False) for name in NAMES}
AREAS = pd.DataFrame(
    {
        "area": ["N1", "N2", "S1"],
        "name": ["North Quay", "North Hill", "South Sands"],
        "locality": ["North", "North", "South"],
        "x": ["402500", "407500", "405000"],
        "y": ["302500", "302500", "297500"],
    }
)
LIKELY = [
    "",
    "0",
    "-1",
    "1e9",
    "2026",
    "2030",
    "N1",
    "S1",
    "QB",
    "100001",
    "ASD",
    "any",
    "awaiting",
    "unknown",
    "UNK",
    "HI",
    "primary",
    "base",
    "special",
    "independent",
    "eotas",
    "true",
    "false",
    "inf",
    "#N/A",
    "0.5 1",
    "302500",
    "2.5",
]


@examples(60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_text_in_any_cell_is_read_or_named(data: st.DataObject) -> None:
    frames = {**FRAMES, "areas": AREAS}
    for _ in range(data.draw(st.integers(1, 3))):
        table = data.draw(st.sampled_from(sorted(frames)))
        frame = frames[table].copy()
        row = data.draw(st.integers(0, len(frame) - 1))
        column = data.draw(st.integers(0, frame.shape[1] - 1))
        frame.iloc[row, column] = data.draw(st.sampled_from(LIKELY) | st.text(max_size=20))
        frames[table] = frame
    try:
        tables, problems = tables_from_frames(MODEL, frames)
        problems = problems + check_tables(MODEL, tables)
    except InputError as error:
        problems = list(error.problems)
    for problem in problems:
        assert "\n" not in str(problem)
