"""A release of the toy, from a plan to a folder."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.api.publishing import announced_settings, formed, public_of, publish_to_folder
from sufficiency.model import Model
from sufficiency.problems import DisclosureError, InputError
from sufficiency.report.disclosure.public import Public
from sufficiency.report.disclosure.publish import Asked, publish
from sufficiency.report.disclosure.published import refuse_others
from sufficiency.result.folder import save
from tests.report.disclosure.test_forms import texts
from tests.solved import TOY, toy_case, toy_result
from tests.worked import model_of


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy") / "base"
    save(toy_result(), folder)
    made = publish_to_folder(TOY, folder=folder, only=["page"])
    assert made.planned == ()  # the result is of these inputs
    return folder


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / "published" / "tables" / f"{name}.csv", encoding="utf-8-sig", keep_default_na=True)


def test_says_how_it_was_made_and_nothing_true(published: Path) -> None:
    said = json.loads((published / "published" / "disclosure.json").read_text(encoding="utf-8"))
    assert {"ok", "method", "base", "threshold", "since", "cells", "least_width"} <= said.keys()
    assert said["ok"] is True
    assert said["cells"] > 0
    assert said["least_width"] >= 5
    notes = table(published, "notes")
    assert notes["what"].str.contains("place_values").any()
    assert notes["what"].str.contains("sites not announced").any()


def test_only_restricts_the_forms_and_no_more(published: Path) -> None:
    names = {file.name for file in (published / "published").iterdir()}
    assert names == {"page.html", "figures.json", "plan.gpkg", "maps", "tables", "disclosure.json"}
    assert not (published / "report").exists()


def test_a_form_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no form of a report"):
        publish_to_folder(TOY, folder=tmp_path / "base", only=["pages"])
    assert not (tmp_path / "base").exists()


def test_tables_add_up_in_multiples_of_5(published: Path) -> None:
    gaps, areas, provision = (table(published, name) for name in ("gaps", "area_gaps", "provision"))
    counts = ["demand", "state_places", "independent", "by_pattern", "over_places", "awaiting"]
    assert np.all(gaps[counts].to_numpy() % 5 == 0)
    assert np.all(gaps["demand"] == gaps[counts[1:]].sum(axis=1))
    by_year = gaps.groupby("year")["demand"].sum()
    assert by_year.equals(areas.groupby("year")["demand"].sum())
    placed = by_year - gaps.groupby("year")["awaiting"].sum()
    assert placed.equals(provision.groupby("year")["children"].sum())
    measures = table(published, "measures")
    children = measures[(measures["measure"] == "children") & (measures["unit"] == "children")]
    assert dict(zip(children["year"], children["plan"], strict=True)) == by_year.to_dict()
    true = toy_result().frames["gaps"].groupby("year")["demand"].sum()
    assert np.abs(by_year - true).max() <= 5


def test_no_line_says_more_than_its_places_and_children(published: Path) -> None:
    assert list(table(published, "occupancy")) == ["scenario", "year", "line", "setting", "type", "places", "children"]
    names = {file.name for file in (published / "published" / "tables").iterdir()}
    assert not names & {"placements.csv", "place_values.csv", "rules.csv", "options_appraisal.csv"}


def test_sites_not_announced_have_no_name(tmp_path: Path) -> None:
    case, result = toy_case(), toy_result()
    hidden = result.frames["occupancy"]["setting"].iloc[0]
    announced = announced_settings(case) - {hidden}
    folder = tmp_path / "base"
    folder.mkdir()
    forms = formed(case, {"base": result}, announced, ("page.html", "workbook.xlsx", "cabinet-paper.docx"))
    publish({"base": result}, folder, Asked(announced=announced, public=public_of(case, result), forms=forms))
    name = str(result.settings.set_index("setting").loc[hidden, "name"])
    files = [file for file in (folder / "published").rglob("*") if file.is_file()]
    assert len(files) > 15
    for file in files:
        for text in texts(file):
            assert not re.search(rf"\b({re.escape(str(hidden))}|{re.escape(name)})\b", text), file.name


def test_a_new_plan_leaves_the_release_in_place(published: Path) -> None:
    before = (published / "published" / "disclosure.json").read_bytes()
    save(toy_result(), published)
    assert (published / "published" / "disclosure.json").read_bytes() == before


def test_a_failed_audit_leaves_an_earlier_release(published: Path) -> None:
    before = (published / "published" / "disclosure.json").read_bytes()
    case, result = toy_case(), toy_result()
    leaky = Public({("gaps", "demand", "", "2026", "North", "ASD", "primary"): 999.0})
    with pytest.raises(DisclosureError, match="do not fit together"):
        publish({"base": result}, published, Asked(announced=announced_settings(case), public=leaky))
    assert (published / "published" / "disclosure.json").read_bytes() == before
    assert [item.name for item in published.parent.iterdir()] == ["base"]


def test_what_is_no_release_is_not_removed(published: Path, tmp_path: Path) -> None:
    """Nothing is planned or written, and what was there stays."""
    folder = tmp_path / "base"
    shutil.copytree(published, folder)
    release = folder / "published"
    for name in ("mine.docx", "tables/mine.csv", "maps/mine.png"):
        (release / name).write_text("mine")
        with pytest.raises(InputError, match=f"this release also holds {name}, which a new release would remove"):
            refuse_others(release)
        (release / name).unlink()
    (release / "~$workbook.xlsx").write_text("left by Excel")
    refuse_others(release)
    release.rename(tmp_path / "elsewhere")
    release.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="this is no release"):
        refuse_others(release)
    release.unlink()
    release.write_text("mine")
    with pytest.raises(InputError, match="this is no release"):
        publish_to_folder(TOY, folder=folder, only=["page"])
    assert release.read_text() == "mine"


def test_an_edited_summary_is_refused(published: Path, tmp_path: Path) -> None:
    """A release of a result that no longer says its data are made up would not say so either."""
    folder = tmp_path / "base"
    shutil.copytree(published, folder)
    file = folder / "summary.json"
    summary = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({key: summary[key] for key in summary if key != "fictional"}), encoding="utf-8")
    with pytest.raises(InputError, match="not as it was saved: fictional: it is missing"):
        publish_to_folder(TOY, folder=folder, only=["page"])


def test_a_base_below_the_threshold_is_refused() -> None:
    with pytest.raises(InputError, match="is below disclosure"):
        model_of((2025, 2026), disclosure={"threshold": 10, "base": 5})
    model: Model = model_of((2025, 2026), disclosure={"threshold": 10, "base": 10})
    assert model.disclosure.base == 10
