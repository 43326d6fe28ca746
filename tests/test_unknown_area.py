"""Children whose area is not known are planned with an average journey, and counted in every total."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sufficiency import api
from sufficiency.report.maps.draw import draw_maps
from tests.solved import toy_result

TOY = Path(__file__).parent / "toy"


@pytest.mark.parametrize("method", ["matrix", "straight_line"])
def test_children_of_no_known_area_are_planned_and_drawn(tmp_path: Path, method: str) -> None:
    shutil.copytree(TOY, tmp_path / "toy")
    model = tmp_path / "toy" / "toy.toml"
    model.write_text(model.read_text(encoding="utf-8").replace('"matrix"', f'"{method}"'), encoding="utf-8")
    with (tmp_path / "toy" / "demand.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"unknown,UNK,primary,{year},3\n" for year in range(2025, 2029))
    with (tmp_path / "toy" / "placements.csv").open("a", encoding="utf-8") as file:
        file.write("Unknown,UNK,primary,awaiting,1\n")
    without = toy_result()
    result = api.solve(api.read(model))
    for year in (2026, 2027, 2028):
        children = [
            one.summary["headline"]["plan"][str(year)]["children"] for one in (result, without)
        ]  # fmt: skip
        assert children[0] == pytest.approx(children[1] + 3)
    gaps = result.gaps[result.gaps["locality"] == "unknown"]
    assert gaps.groupby("year")["demand"].sum().tolist() == pytest.approx([3, 3, 3])
    journeys = result.journeys[result.journeys["area"] == "unknown"]
    known = result.journeys[result.journeys["area"] != "unknown"]
    assert (journeys["mean_km"] <= known["mean_km"].max()).all()
    assert len(draw_maps(result, tmp_path / "maps", formats=["svg"])) == 5
