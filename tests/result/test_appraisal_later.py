"""The plan is saved and shown first, and its appraisal added: in the end it is all there, as though made at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import sufficiency as sf
from sufficiency import api
from sufficiency.cli import main
from sufficiency.result import Result

TOY = Path(__file__).parents[1] / "toy" / "toy.toml"


def without_times(summary: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in summary.items() if key != "seconds"}


def test_the_plan_is_saved_before_its_appraisal_which_then_joins_it(tmp_path: Path) -> None:
    first: list[tuple[Result, Result]] = []

    def check_first(result: Result, folder: Path) -> None:
        first.append((result, sf.load(folder)))

    result, folder = api.plan_to_folder(TOY, folder=tmp_path / "out", first=check_first)
    at_once = sf.solve(sf.read(TOY))
    (shown, on_disk), whole = first[0], sf.load(folder)
    assert shown.summary["appraisal"] == on_disk.summary["appraisal"] == "pending"
    assert on_disk.options_appraisal["saving"].isna().all()
    assert on_disk.alternatives.empty
    assert whole.summary["appraisal"] == at_once.summary["appraisal"] == "done"
    assert without_times(whole.summary) == without_times(sf.load(at_once.save(tmp_path / "at_once")).summary)
    assert set(whole.frames) == set(at_once.frames)
    for name, frame in result.frames.items():
        pd.testing.assert_frame_equal(frame, at_once.frames[name])
    assert whole.options_appraisal["saving"].notna().any()
    assert result.summary["seconds"]["total"] >= result.summary["seconds"]["appraise"] > 0


def test_the_screen_comes_first_and_what_options_save_after_it(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["plan", str(TOY), "-o", str(tmp_path / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    before, after = done.stdout.split("Results in ")
    assert "follows below" in " ".join(before.split())
    assert "Saves: money, present value" not in before
    assert "Saves: money, present value" in after


@pytest.mark.parametrize("direct", [False, True])
def test_an_appraisal_that_is_not_wanted_is_off(tmp_path: Path, direct: bool) -> None:
    result, folder = api.plan_to_folder(TOY, folder=tmp_path / "out", appraise=False, direct=direct)
    assert result.summary["appraisal"] == sf.load(folder).summary["appraisal"] == "off"
    assert "appraise" not in result.summary["seconds"]
