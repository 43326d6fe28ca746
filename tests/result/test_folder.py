"""A result folder: what is saved is what is loaded, and nothing else is ever touched."""

from __future__ import annotations

import json
import math
import os
import re
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest

import sufficiency as sf
from sufficiency.problems import InputError
from sufficiency.result import folder as folder_module
from sufficiency.result import swap
from sufficiency.result.folder import load, refuse_unusable, refuse_unusable_inside, save
from sufficiency.result.forecast_folder import refuse_unusable_for_forecast
from sufficiency.result.study import refuse_unusable_study
from sufficiency.starter import start_in
from sufficiency.studies.compare_folder import refuse_unusable_comparison
from tests.result.small import assert_same, inside, result


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    assert save(result(), tmp_path / "deep" / "down") == tmp_path / "deep" / "down"
    assert_same(load(tmp_path / "deep" / "down"), result())


def test_a_notebook_saves_and_loads_by_name(tmp_path: Path) -> None:
    assert result().save(str(tmp_path / "mine"), parquet=True) == tmp_path / "mine"
    assert_same(sf.load(str(tmp_path / "mine")), result())


def test_files_are_those_of_the_tables_that_are_there(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    names = {f"{name}.csv" for name in result().frames} | {"summary.json", "plan.gpkg"}
    assert set(inside(tmp_path / "mine")) == names
    assert inside(tmp_path) == ["mine"]


def test_parquet_comes_besides_and_unchanged(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine", parquet=True)
    for name, frame in result().frames.items():
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "mine" / f"{name}.parquet"), frame)
    assert_same(load(tmp_path / "mine"), result())


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(result(), tmp_path / name)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_the_map_opens_in_other_programs(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    file = tmp_path / "mine" / "plan.gpkg"
    assert [name for name, _ in pyogrio.list_layers(file)] == ["areas", "settings", "journeys"]
    assert [pyogrio.read_info(file, layer=name)["crs"] for name in ("areas", "settings", "journeys")] == [
        "EPSG:27700"
    ] * 3
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_result_with_nobody_in_it_has_all_layers(tmp_path: Path) -> None:
    whole = result()
    whole.frames.update({name: frame.iloc[:0] for name, frame in whole.frames.items()})
    empty = type(whole)(whole.frames, whole.summary, whole.areas, whole.settings, whole.desire_lines.iloc[:0])
    save(empty, tmp_path / "mine")
    assert_same(load(tmp_path / "mine"), empty)


def test_the_summary_has_no_number_that_json_lacks(tmp_path: Path) -> None:
    numbers = [math.inf, np.float64("nan"), np.int64(3), np.float64(0.1)]
    summary: dict[str, Any] = {"zulu": math.nan, "alpha": numbers, "name": "Æ", "b": np.bool_(True)}
    save(result(**summary), tmp_path / "mine")
    text = (tmp_path / "mine" / "summary.json").read_text(encoding="utf-8")

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    read = json.loads(text, parse_constant=refuse)
    assert read["zulu"] is None
    assert read["alpha"] == [None, None, 3, 0.1]
    assert "Æ" in text
    assert list(read)[-4:] == ["zulu", "alpha", "name", "b"]


def test_a_new_plan_drops_what_was_drawn_from_the_old(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    (tmp_path / "mine" / "maps").mkdir()
    (tmp_path / "mine" / "maps" / "demand_2026.png").touch()
    save(result(2.0), tmp_path / "mine")
    assert not (tmp_path / "mine" / "maps").exists()


@pytest.mark.parametrize(
    "own",
    [
        "maps/annotated.png",
        "maps/gap_as_drawn_by_hand.png",
        "maps/gap_2026.png/mine.txt",
        "maps",
        "report/cabinet.docx",
        "plan.gpkg.notes.txt",
        "plan.gpkg-my-notes.txt",
        "measures.parquet/mine.txt",
        "~$mine/thesis.docx",
        ".DS_Store/mine.txt",
    ],
)
def test_a_planner_s_own_file_deeper_in_a_result_is_not_lost(tmp_path: Path, own: str) -> None:
    mine = tmp_path / "mine"
    save(result(), mine)
    (mine / own).parent.mkdir(exist_ok=True, parents=True)
    (mine / own).write_text("mine")
    with pytest.raises(InputError, match=f"also holds {re.escape(own.partition('/')[0])}"):
        refuse_unusable(mine)
    with pytest.raises(InputError, match="also holds"):
        save(result(2.0), mine)
    assert (mine / own).read_text() == "mine"


def test_maps_of_an_earlier_result_are_no_hindrance(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    (tmp_path / "mine" / "maps").mkdir()
    for drawn in ("gap_2026.png", "gap_ASD-MLD_primary_2026-2035.svg", ".gap_2026.png.part"):
        (tmp_path / "mine" / "maps" / drawn).touch()
    save(result(2.0), tmp_path / "mine")
    assert_same(load(tmp_path / "mine"), result(2.0))


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_in_the_place_of_a_new_result_is_reported_before_anything_is_solved(tmp_path: Path, kind: str) -> None:
    save(result(), tmp_path / "theirs")
    before, ready = tree(tmp_path / "theirs"), tmp_path / ".mine.ready"
    if kind == "file":
        ready.write_text("theirs")
    elif kind == "link":
        ready.symlink_to(tmp_path / "theirs")
    else:
        ready.mkdir()
        foreign(ready)
    with pytest.raises(InputError, match=r"mine\.ready: this was not written by sufficiency.*move it elsewhere"):
        refuse_unusable(tmp_path / "mine")
    assert tree(tmp_path / "theirs") == before
    assert os.path.lexists(ready)


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_what_is_in_the_place_of_a_lock_is_reported(tmp_path: Path, kind: str) -> None:
    lock = tmp_path / ".mine.lock"
    os.mkfifo(lock) if kind == "fifo" else lock.mkdir()
    for attempt in (lambda: refuse_unusable(tmp_path / "mine"), lambda: save(result(), tmp_path / "mine")):
        with pytest.raises(InputError, match=r"mine\.lock: this is not a file.*move it elsewhere"):
            attempt()


def test_a_pipe_in_place_of_a_summary_is_no_result(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    os.mkfifo(tmp_path / "mine" / "summary.json")
    for attempt in (refuse_unusable, load):
        with pytest.raises(InputError):
            attempt(tmp_path / "mine")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_maps_do_not_go_through_a_link_out_of_the_result(tmp_path: Path, kind: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "elsewhere").mkdir()
    maps = tmp_path / "mine" / "maps"
    maps.write_text("mine") if kind == "file" else maps.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=f"maps: this is a {kind}.*move it elsewhere"):
        refuse_unusable_inside(tmp_path / "mine", "maps")
    refuse_unusable_inside(tmp_path, "maps")


@pytest.mark.parametrize("left", [".mine.old-6", ".mine.new-7"])
def test_a_folder_that_only_looks_left_over_stays(tmp_path: Path, left: str) -> None:
    (tmp_path / left).mkdir()
    (tmp_path / left / "summary.json").write_text("{}")
    (tmp_path / left / "my-note.txt").write_text("mine")
    save(result(), tmp_path / "mine")
    load(tmp_path / "mine")
    assert (tmp_path / left / "my-note.txt").read_text() == "mine"


def test_a_lock_is_never_written_through_a_link_or_over_a_file_of_anybody_else(tmp_path: Path) -> None:
    lock, theirs = tmp_path / ".mine.lock", tmp_path / "theirs.txt"
    theirs.write_text("theirs")
    lock.symlink_to(theirs)
    with pytest.raises(InputError, match="this is a link"):
        save(result(), tmp_path / "mine")
    assert theirs.read_text() == "theirs"
    lock.unlink()
    lock.write_text("theirs too")
    with pytest.raises(InputError, match="this file was not written by sufficiency"):
        save(result(), tmp_path / "mine")
    assert lock.read_text() == "theirs too"


def tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def foreign(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def other_summary(folder: Path) -> None:
    (folder / "summary.json").write_text('{"status": "fine"}')


def broken_summary(folder: Path) -> None:
    (folder / "summary.json").write_text("{")


@pytest.mark.parametrize("fill", [foreign, other_summary, broken_summary])
def test_a_folder_with_anything_else_is_refused_and_left(tmp_path: Path, fill: Any) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    fill(mine)
    before = tree(tmp_path)
    for attempt in (lambda: refuse_unusable(mine), lambda: save(result(), mine)):
        with pytest.raises(InputError, match="neither empty nor an earlier result"):
            attempt()
    assert tree(tmp_path) == before


def test_a_planner_s_own_file_in_a_result_is_not_lost(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    foreign(tmp_path / "mine")
    before = tree(tmp_path)
    with pytest.raises(InputError, match=r"also holds notes\.txt"):
        save(result(2.0), tmp_path / "mine")
    assert tree(tmp_path) == before


def test_what_programs_leave_behind_is_no_hindrance(tmp_path: Path) -> None:
    save(result(), tmp_path / "mine")
    for litter in (".DS_Store", "~$gaps.csv", ".~lock.gaps.csv#", "Thumbs.db", "plan.gpkg-wal", "plan.gpkg.aux.xml"):
        (tmp_path / "mine" / litter).touch()
    save(result(2.0), tmp_path / "mine")
    assert_same(load(tmp_path / "mine"), result(2.0))


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    save(result(), tmp_path / "mine")
    assert_same(load(tmp_path / "mine"), result())


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("a file")
    for where in (tmp_path / "mine", tmp_path / "mine" / "below"):
        with pytest.raises(InputError, match="this is a file"):
            refuse_unusable(where)


def test_the_folder_one_stands_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="the folder you are in"):
        refuse_unusable(Path())


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module.os, "access", lambda *_: False)
    with pytest.raises(InputError, match="cannot be written to"):
        refuse_unusable(tmp_path / "mine")


@pytest.mark.parametrize("where", ["nowhere", "empty", "other"])
def test_where_there_is_no_result_load_says_so(tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    other_summary(tmp_path / "other")
    with pytest.raises(InputError, match="no result in this folder"):
        load(tmp_path / where)


@pytest.mark.parametrize("lost", ["plan.gpkg", "gaps"])
def test_a_damaged_result_names_the_file(tmp_path: Path, lost: str) -> None:
    save(result(), tmp_path / "mine")
    file = tmp_path / "mine" / ("plan.gpkg" if lost == "plan.gpkg" else "area_gaps.csv")
    file.write_text("damaged")
    with pytest.raises(InputError, match=file.name):
        load(tmp_path / "mine")


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "true").mkdir()
    try:
        (tmp_path / "link").symlink_to(tmp_path / "true", target_is_directory=True)
    except OSError:
        pytest.skip("links need rights here")
    save(result(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert_same(load(tmp_path / "true"), result())


@pytest.mark.parametrize("name", ["a [b] *", "Æ ø", ".hidden", "x.y"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    for scale in (1.0, 2.0):
        save(result(scale), tmp_path / name)
    assert_same(load(tmp_path / name), result(2.0))
    assert inside(tmp_path) == [name]


def test_a_file_open_in_excel_is_named_and_the_old_result_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    save(result(), mine)
    true_replace = os.replace

    def held(source: Any, target: Any) -> None:
        if Path(source) == mine:
            raise PermissionError(13, "The process cannot access the file")
        true_replace(source, target)

    monkeypatch.setattr(swap.os, "replace", held)
    monkeypatch.setattr(swap, "held_open", lambda folder: folder / "gaps.csv")
    with pytest.raises(InputError, match=r"gaps\.csv: this file is open in another program") as refused:
        save(result(2.0), mine)
    assert "kept beside it" in str(refused.value)
    assert_same(load(mine), result())
    # once it is closed, the plan that was waiting takes its place: hours of solving are not lost
    monkeypatch.setattr(swap.os, "replace", true_replace)
    assert_same(load(mine), result(2.0))
    assert inside(tmp_path) == ["mine"]


def test_a_full_disk_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(result(), tmp_path / "mine")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder_module, "write_csv", full)
    with pytest.raises(InputError, match="No space left on device"):
        save(result(2.0), tmp_path / "mine")
    assert_same(load(tmp_path / "mine"), result())
    assert inside(tmp_path) == ["mine"]


def test_a_disk_that_fills_up_in_the_map_is_no_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(result(), tmp_path / "mine")

    def full(*_: Any, **__: Any) -> None:
        raise pyogrio.errors.FeatureError("database or disk is full")

    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(InputError, match=r"cannot be written here: plan.gpkg: database or disk is full"):
        save(result(2.0), tmp_path / "mine")
    monkeypatch.undo()
    assert_same(load(tmp_path / "mine"), result())
    assert inside(tmp_path) == ["mine"]


def test_a_folder_is_guarded_whatever_its_path_is_called(tmp_path: Path) -> None:
    mine, roundabout = tmp_path / "mine", tmp_path / "absent" / ".." / "mine"
    mine.mkdir()
    foreign(mine)
    before = tree(tmp_path)
    tries: list[Callable[[], object]] = [
        lambda: refuse_unusable(roundabout),
        lambda: save(result(), roundabout),
        lambda: refuse_unusable_study(roundabout, "worth"),
        lambda: refuse_unusable_for_forecast(roundabout),
        lambda: refuse_unusable_comparison(roundabout, ["base"]),
        lambda: start_in(roundabout),
    ]
    for attempt in tries:
        with pytest.raises(InputError, match=r"notes\.txt|neither empty nor"):
            attempt()
        assert tree(tmp_path) == before


def test_what_no_run_writes_is_never_swapped_away(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    save(result(), mine)

    def written_meanwhile() -> None:
        with swap.replacing(mine) as new:
            (new / "summary.json").write_text("{}")
            foreign(mine)

    with pytest.raises(InputError, match=r"notes\.txt, which would be removed"):
        written_meanwhile()
    assert (mine / "notes.txt").read_text() == "mine"
    assert_same(load(mine), result())
    (mine / "notes.txt").unlink()
    swap.recover(mine)
    assert (mine / "summary.json").read_text() == "{}"


def test_links_that_lead_in_a_circle_are_reported(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    for folder in (tmp_path / "one", tmp_path / "one" / "deeper"):
        for attempt in (refuse_unusable, load):
            with pytest.raises(InputError, match="circle"):
                attempt(folder)


def test_that_parquet_cannot_be_written_is_reported_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    toy = Path(__file__).parents[1] / "toy" / "toy.toml"
    with pytest.raises(InputError, match=r"Parquet files cannot be written: pyarrow cannot be loaded.*--parquet"):
        sf.api.plan_to_folder(toy, folder=tmp_path / "mine", parquet=True)
    assert inside(tmp_path) == []


def test_qgis_shows_that_data_are_made_up(tmp_path: Path) -> None:
    made_up = result()
    save(replace(made_up, summary=made_up.summary | {"fictional": True}), tmp_path / "mine")
    with closing(sqlite3.connect(tmp_path / "mine" / "plan.gpkg")) as layers:
        descriptions = [row[0] for row in layers.execute("select description from gpkg_contents")]
    assert len(descriptions) == 3
    assert all("Fictional data" in text for text in descriptions)


@pytest.mark.parametrize("years", [None, "2026", [2026], [2026, "x"]])
def test_a_summary_whose_years_are_damaged_is_no_result(tmp_path: Path, years: Any) -> None:
    save(result(), tmp_path / "mine")
    file = tmp_path / "mine" / "summary.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"years": years}), encoding="utf-8")
    with pytest.raises(InputError, match="there is no result in this folder"):
        load(tmp_path / "mine")
