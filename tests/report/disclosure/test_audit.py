"""Releases whose naive hiding is undone, each in its own way, and ours are not; what leaks is caught and named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sufficiency.problems import DisclosureError
from sufficiency.report.disclosure.attack import attack
from sufficiency.report.disclosure.audit import audit, knowledge, year_of
from sufficiency.report.disclosure.catalogue import CATALOGUE
from sufficiency.report.disclosure.protect import Protected, protect
from sufficiency.report.disclosure.public import Public
from sufficiency.report.disclosure.publish import Asked, figures_of, write_release
from sufficiency.report.disclosure.published import Claims, read_published
from sufficiency.report.disclosure.release import Release
from sufficiency.report.disclosure.witness import proves
from tests.report.disclosure.second import ranges
from tests.report.disclosure.small import children, naive, rates, release_of, tables_of


@pytest.fixture
def release() -> Release:
    people = children(0, each=2.0)
    return release_of(people[people["locality"] != "South"])


@pytest.fixture
def smaller() -> Release:
    people = children(0, each=2.0)
    return release_of(people[(people["locality"] != "South") & (people["phase"] == "primary")])


def exposed(protected: Protected, folder: Path, asked: Asked | None = None) -> tuple[str, ...]:
    """What the audit says is given away; nothing then, or a whole release, is in the folder."""
    result = folder / "result"
    result.mkdir(exist_ok=True)
    try:
        write_release(protected, result, asked or Asked())
    except DisclosureError as error:
        assert not list(result.iterdir())
        assert [item.name for item in folder.iterdir() if item.name.startswith(".result")] == []
        return error.exposed
    assert json.loads((result / "published" / "disclosure.json").read_text(encoding="utf-8"))["ok"] is True
    return ()


def ours(release: Release, earlier: dict[tuple[str, ...], float] | None = None) -> Protected:
    return protect(release, "rounding", 5, 5, earlier or {})


def test_hidden_cells_are_worked_out_from_totals_and_from_another_table(release: Release, tmp_path: Path) -> None:
    by_totals = exposed(naive(release), tmp_path)
    assert any("totals of gaps" in text or "gaps: each child once" in text for text in by_totals)
    only_gaps = exposed(naive(release, hide=["gaps"]), tmp_path)
    assert any("gaps and provision" in text or "is shown" in text for text in only_gaps)
    assert exposed(ours(release), tmp_path) == ()


def all_hidden(release: Release) -> Protected:
    """A release of which every number of children is hidden, and money is shown."""
    tables = dict(release.tables)
    for name in ("gaps", "area_gaps", "provision", "occupancy"):
        tables[name] = tables[name].assign(**dict.fromkeys(CATALOGUE[name].counts, np.nan))
    tables["measures"] = tables["measures"].assign(plan=np.nan, unmitigated=np.nan, today=np.nan)
    return Protected(tables, Claims("suppression", 5, 5, 1.0, 1.0, 0.0))


@pytest.mark.slow
def test_hidden_cells_are_worked_out_from_money(tmp_path: Path) -> None:
    people = children(3, each=2.0)
    few = people[(people["type"] != "eotas") | (people["type"] == "eotas").cumsum().isin([1, 2, 3])]
    release = release_of(few)
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    assert exposed(all_hidden(release), tmp_path / "a") == ()
    found = exposed(all_hidden(release), tmp_path / "b", Asked(public=rates()))
    assert any("(2026): between 2.5 and 3.5" in text and "by_pattern" in text for text in found), found
    spend = release.tables["spend"]
    coarse = spend.assign(pounds=(spend["pounds"] / 1e6).round() * 1e6)
    safe = ours(replace(release, tables=release.tables | {"spend": coarse}, money_step=1e6))
    assert exposed(safe, tmp_path / "c", Asked(public=rates())) == ()


@pytest.mark.slow
def test_hidden_cells_are_worked_out_from_what_dfe_publishes(release: Release, tmp_path: Path) -> None:
    hidden = all_hidden(release)
    gaps = release.tables["gaps"]
    hidden.tables["gaps"].loc[1:, "demand"] = 10.0
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    assert exposed(hidden, tmp_path / "a") == ()
    total = Public({("gaps", "demand", "", "2026", "", "", ""): 10.0 * (len(gaps) - 1) + 2.0})
    found = exposed(hidden, tmp_path / "b", Asked(public=total))
    first = gaps.iloc[0]
    where = f"gaps.demand (2026, {first['locality']}, {first['need']}, {first['phase']}): between 2 and 2"
    assert any(text.startswith(where) for text in found)
    truth = Public({("gaps", "demand", "", "2026", "", "", ""): float(gaps["demand"].sum())})
    assert exposed(ours(release), tmp_path / "c", Asked(public=truth)) == ()


@pytest.mark.slow
def test_hidden_cells_are_worked_out_from_an_earlier_release(smaller: Release, tmp_path: Path) -> None:
    for name in ("before", "now", "ours"):
        (tmp_path / name).mkdir()
    safe = protect(smaller, "suppression", 5, 5, {})
    assert exposed(safe, tmp_path / "before") == ()
    other = safe.tables["gaps"].copy()
    column = next(name for name in ("state_places", "independent", "by_pattern") if other[name].isna().sum() > 1)
    true = smaller.tables["gaps"][column]
    helpers = other[column].isna() & (true >= 5)
    folder = tmp_path / "before" / "result"
    table = folder / "published" / "tables" / "gaps.csv"
    shown = pd.read_csv(table, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    small = (true < 5) & other[column].isna()
    shown.loc[(helpers | small).to_numpy(), column] = true[(helpers | small)].astype(str)
    shown.to_csv(table, index=False)
    found = exposed(safe, tmp_path / "now", Asked(since=folder))
    assert any(f"gaps.{column}" in text for text in found)


def test_an_earlier_release_of_ours_gives_nothing_away(release: Release, tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    assert exposed(ours(release), tmp_path / "before") == ()
    since = tmp_path / "before" / "result"
    earlier = figures_of(read_published(since / "published"))
    people = children(0, each=2.0)
    later = release_of(people[people["locality"] != "South"].drop(index=people.index[:1]))
    (tmp_path / "now").mkdir()
    assert exposed(ours(later, earlier), tmp_path / "now", Asked(since=since)) == ()


def test_two_scenarios_are_attacked_together(tmp_path: Path) -> None:
    people = children(5, each=2.0)
    people = people[people["locality"] != "South"].reset_index(drop=True)
    late = people.copy()
    late.loc[[0, 3], "type"] = "independent"
    both = [tables_of(people), tables_of(late, "late")]
    tables = {name: pd.concat([one[name] for one in both], ignore_index=True) for name in both[0]}
    release = Release(tables, ("base", "late"), (2026,))
    assert exposed(ours(release), tmp_path) == ()
    published = read_published(tmp_path / "result" / "published").tables["gaps"]
    keys = ["locality", "need", "phase"]
    base, other = (published[published["scenario"] == name].set_index(keys)["demand"] for name in ("base", "late"))
    assert base.equals(other)  # the same children


@pytest.mark.parametrize(
    ("table", "column", "said"),
    [
        ("occupancy", "fill", "column fill: not known to be safe"),
        ("gaps", "demand", "column demand: 7 is not a multiple of 5"),
        ("secrets", "x", "secrets.csv: not a table that may be published"),
    ],
)
def test_a_leaked_column_is_caught(release: Release, tmp_path: Path, table: str, column: str, said: str) -> None:
    assert exposed(ours(release), tmp_path) == ()
    file = tmp_path / "result" / "published" / "tables" / f"{table}.csv"
    if table == "secrets":
        file.write_text("x\n1\n", encoding="utf-8")
    else:
        frame = pd.read_csv(file, encoding="utf-8-sig")
        frame[column] = 7.0
        frame.to_csv(file, index=False)
    found = audit(tmp_path / "result" / "published")
    assert not found.ok
    assert any(said in text for text in found.exposed)


def test_a_figure_that_is_not_published_is_caught(release: Release, tmp_path: Path) -> None:
    assert exposed(ours(release), tmp_path) == ()
    folder = tmp_path / "result" / "published"
    row = {"scenario": "base", "measure": "children", "item": ""}
    right = {"id": "children", "table": "measures", "column": "plan", "row": row, "value": 0.0}
    plan = read_published(folder).tables["measures"]
    right["value"] = float(plan.loc[plan["measure"] == "children", "plan"].iloc[0])
    (folder / "figures.json").write_text(json.dumps([right]), encoding="utf-8")
    assert audit(folder).ok
    (folder / "figures.json").write_text(json.dumps([right | {"value": right["value"] + 1}]), encoding="utf-8")
    assert audit(folder).exposed == ("figures.json, children: not a published cell",)


@pytest.mark.parametrize("method", ["rounding", pytest.param("suppression", marks=pytest.mark.slow)])
def test_another_solver_and_the_witnesses_say_the_same(smaller: Release, tmp_path: Path, method: str) -> None:
    """On the published files alone."""
    assert exposed(protect(smaller, method, 5, 5, {}), tmp_path) == ()
    reading = read_published(tmp_path / "result" / "published")
    system, values = year_of(reading, Public(), 2026)
    known = knowledge(system, values, reading.claims)
    asked = (known.lower < 5) & (known.upper - known.lower > 0)
    found = attack(known, asked, 5.0)
    assert found.witnesses
    assert all(proves(one, system, known.lower, known.upper, 5.0) for one in found.witnesses)
    cells = np.flatnonzero(asked)[::9]
    for cell, (least, greatest) in zip(cells, ranges(system, known.lower, known.upper, cells), strict=True):
        assert least <= found.least[cell] + 1e-4
        assert greatest >= found.greatest[cell] - 1e-4
        assert least >= 5 - 1e-4 or greatest <= 1e-4 or greatest - least >= 5 - 1e-4


def test_claims_of_a_release_are_what_the_audit_goes_by(release: Release, tmp_path: Path) -> None:
    tight = ours(release)
    claims = Claims("rounding", 5, 5, 2.0, 2.0, 0.0)
    found = exposed(Protected(tight.tables, claims), tmp_path)
    assert found  # figures said to be within 2 leave a range of 4
