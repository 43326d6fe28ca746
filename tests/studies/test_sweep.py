import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sufficiency as sf
from sufficiency.api.sweeping import sweep_to_folder
from sufficiency.deadline import Stop
from sufficiency.model.sweep import Sweep
from sufficiency.plan.pricing.warm_start import RoughPrices
from sufficiency.plan.program.highs import Basis
from sufficiency.problems import InputError
from sufficiency.studies.sweep.demand import along_path, at_level, paths_of_table, rows_of_paths
from sufficiency.studies.sweep.figures import ROW, Drawn
from sufficiency.studies.sweep.future import Future, future
from sufficiency.studies.sweep.store import BasePlan, Store
from sufficiency.studies.sweep.together import together
from sufficiency.tables.schema.sweep import SWEEPS
from tests.studies.sweep_case import VARIED, swept_toy
from tests.tiny import FILES, tiny

BUT_SWEEP = ("draws.parquet", "draws_by_year.parquet", "fan.csv", "lines.csv", "options.csv")
THREE_PATHS = "area,need,phase,year,children,simulation\n" + "".join(
    f"A,ASD,primary,2025,4,{name}\nA,ASD,primary,2026,{children},{name}\n"
    for name, children in (("a", 4), ("b", 8), ("c", 9))
)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in BUT_SWEEP}


def demand_rows(**columns: list[float]) -> pd.DataFrame:
    keys = {"area": "A", "need": "ASD", "phase": "primary", "level": ""}
    return pd.DataFrame({**columns, **keys})


def test_a_draw_depends_on_the_seed_and_its_number_alone() -> None:
    sweep = Sweep(inflation={"independent": (0.02, 0.08)}, slips={"default": {"chance": 0.5, "years": 2}})  # type: ignore[dict-item]
    draws = [future(sweep, 7, draw, 3, ["A", "B"], 2) for draw in range(300)]
    assert draws[5] == future(sweep, 7, 5, 3, ["A", "B"], 2)
    assert draws[5] != replace(future(sweep, 8, 5, 3, ["A", "B"], 2), draw=5)
    assert {tuple(sorted(one.path for one in draws[k : k + 3])) for k in range(0, 300, 3)} == {(0, 1, 2)}
    assert [one.combination for one in draws[:4]] == [0, 1, 0, 1]
    rates = [one.inflation["independent"] for one in draws]
    assert 0.02 <= min(rates) < 0.025 < 0.075 < max(rates) <= 0.08
    late = sum("A" in one.slips for one in draws)
    assert 110 < late < 190  # 150 expected; five standard deviations are 43
    assert {years for one in draws for years in one.slips.values()} == {2}


def test_one_level_between_low_and_high_is_shared() -> None:
    rows = demand_rows(
        year=[2025, 2026, 2026], children=[5.0, 10.0, 4.0], low=[4.0, 8.0, np.nan], high=[9.0, 20.0, np.nan]
    )
    up = Future(0, 0, 0, 1.6448536269514722, {}, {}, {})
    assert at_level(rows, 2025, up)["children"].tolist() == [5, 20, 4]  # the base year is known, a blank end stays
    assert at_level(rows, 2025, replace(up, level=-up.level / 2))["children"].tolist() == [5, 9, 4]
    assert at_level(rows, 2025, replace(up, level=-10 * up.level))["children"].tolist() == [5, 0, 4]


def test_a_path_is_a_factor_on_what_is_expected() -> None:
    simulated = pd.concat(
        [
            demand_rows(year=[2025, 2026], children=[4.0, 2.0]).assign(simulation="1"),
            demand_rows(year=[2025, 2026], children=[4.0, 6.0]).assign(simulation="2"),
        ]
    )
    paths = paths_of_table(simulated, 2025)
    edited = demand_rows(
        year=[2026, 2025, 2027], children=[8.0, 4.0, 1.0]
    )  # twice what the paths expect, by a scenario
    rows = rows_of_paths(paths, edited)
    assert along_path(edited, paths.factors(0), rows)["children"].tolist() == [4, 4, 1]
    assert along_path(edited, paths.factors(1), rows)["children"].tolist() == [12, 4, 1]


def test_percentiles_are_of_whole_draws() -> None:
    def drawn(draw: int, here: float, there: float, full: bool) -> Drawn:
        row = dict.fromkeys(ROW, 0.0) | {"draw": draw, "status": "optimal", "options": ""}
        years = {"awaiting": {2026: here, 2027: there}}
        return Drawn(row, years, [("L", 2026, here, full)], [("A", 2026 + draw % 2)])

    made = together([drawn(0, 0, 9, True), drawn(1, 10, 4, False), drawn(2, 2, 5, True)], ["A", "B"], [2026, 2027])
    assert made.fan.to_dict("records") == [
        {"measure": "awaiting", "year": 2026, "p05": pytest.approx(0.2), "p50": 2, "p95": pytest.approx(9.2)},
        {"measure": "awaiting", "year": 2027, "p05": pytest.approx(4.1), "p50": 5, "p95": pytest.approx(8.6)},
    ]
    assert made.lines["share_full"].tolist() == [pytest.approx(2 / 3)]
    assert made.options["share_opens"].tolist() == pytest.approx([2 / 3, 1 / 3, 0, 0])


def test_a_damaged_draw_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "draws")
    row = dict.fromkeys(ROW, 0.5) | {"draw": 1, "status": "optimal", "options": "A 2026"}
    one = Drawn(row, {"dsg": {2026: 1 / 3}}, [("L", 2026, 0.1, None)], [("A", 2026)])
    store.keep(one)
    assert store.draw(1) == one
    assert store.missing(3) == [0, 2]
    store.draw_file(1).write_bytes(store.draw_file(1).read_bytes()[:40])
    assert store.missing(3) == [0, 1, 2]
    assert store.base() is None
    rough = RoughPrices(Basis(np.array([1, 0]), np.array([2])), np.array([0.25]))
    store.keep_base(BasePlan((("A", 2026, 0.5),), np.array([1 / 3]), rough, 0.01))
    base = store.base()
    assert base is not None
    assert (base.opens, base.prices.tolist(), base.kappa) == ((("A", 2026, 0.5),), [1 / 3], 0.01)
    assert base.rough is not None
    assert (base.rough.basis.columns.tolist(), base.rough.prices.tolist()) == ([1, 0], [0.25])


def test_three_paths_by_hand(tmp_path: Path) -> None:
    """Four places near and four far: 4, 8 or 9 children, of whom the last waits."""
    model = tiny(tmp_path)
    (tmp_path / "demand.csv").write_text(THREE_PATHS, encoding="utf-8")
    made = sweep_to_folder(model, folder=tmp_path / "out", draws=3, workers=1)
    draws = made.tables.draws.sort_values("dsg")
    assert sorted(draws["awaiting"]) == pytest.approx([0, 0, 1], abs=1e-9)
    # place funding of eight places, and a top-up for each child placed, a year's inflation on
    assert draws["dsg"].tolist() == pytest.approx([1.03 * (80_000 + 12_000 * n) for n in (4, 8, 8)])
    assert made.tables.lines.set_index("line")["share_full"].to_dict() == {"N1": 1, "F1": pytest.approx(2 / 3)}
    fan = made.tables.fan.set_index("measure")
    assert fan.loc["children", ["p05", "p50", "p95"]].tolist() == pytest.approx([4.4, 8, 8.9])
    assert fan.loc["awaiting", ["p05", "p50", "p95"]].tolist() == pytest.approx([0, 0, 0.9], abs=1e-9)
    assert made.document["varies"]["demand"] == "simulated paths"
    for name in ("fan", "lines", "options"):
        header = (tmp_path / "out" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert header == ",".join(SWEEPS[name].names)
    assert list(pd.read_parquet(tmp_path / "out" / "draws.parquet")) == list(SWEEPS["draws"].names)


def test_a_sweep_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    model = swept_toy(tmp_path)
    whole = sweep_to_folder(model, folder=tmp_path / "whole", draws=3, workers=1)
    stop = Stop()

    def after_one(step: str, detail: str) -> None:
        if detail.startswith("1 of 3"):
            stop.ask()

    part = sweep_to_folder(model, folder=tmp_path / "out", draws=3, workers=1, progress=after_one, stop=stop)
    assert (part.document["status"], part.document["draws_done"]) == ("stopped", 1)
    rest = sweep_to_folder(model, folder=tmp_path / "out", draws=3, workers=1)
    assert (rest.document["status"], rest.document["kept_from_before"]) == ("done", 1)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert not list(tmp_path.glob(".*draws*"))
    draws, years = (pd.read_parquet(tmp_path / "out" / f"{name}.parquet") for name in ("draws", "draws_by_year"))
    summed = years.pivot_table(index="draw", columns="measure", values="value", aggfunc="sum")
    for name in ("dsg", "general_fund", "capital", "overspend", "awaiting", "over_places"):
        assert summed[name].tolist() == pytest.approx(draws[name].tolist()), name
    recomputed = years.groupby(["measure", "year"])["value"].quantile(0.95).to_dict()
    assert whole.tables.fan.set_index(["measure", "year"])["p95"].to_dict() == pytest.approx(recomputed)


def test_a_plan_without_futures_is_the_plan(tmp_path: Path) -> None:
    """Nothing varies: every draw is the base plan itself, and the sweep says so."""
    said: list[str] = []
    model = swept_toy(tmp_path, section="", ranged=False)
    made = sweep_to_folder(
        model, folder=tmp_path / "out", draws=2, workers=1, warn=lambda them: said.extend(map(str, them))
    )
    plan = sf.session(sf.read(model)).plan
    assert made.tables.draws["objective"].tolist() == pytest.approx([plan.objective] * 2, rel=1e-9)
    assert any("every draw is the same" in one for one in said)


def test_a_draw_without_a_plan_is_recorded(tmp_path: Path) -> None:
    """A hard rule that cannot be kept once there are nine children: two of three futures have a plan."""
    model = tiny(tmp_path)
    (tmp_path / "demand.csv").write_text(THREE_PATHS, encoding="utf-8")
    rule = '[rules]\nshare = [{ name = "Nobody waits", types = ["special_school"], at_least = 0.95, hard = true }]\n'
    model.write_text(FILES["tiny.toml"].replace("[scenarios", rule + "[scenarios", 1), encoding="utf-8")
    made = sweep_to_folder(model, folder=tmp_path / "out", draws=3, workers=1)
    assert sorted(made.tables.draws["status"]) == ["infeasible", "optimal", "optimal"]
    assert made.document["without_a_plan"] == 1
    assert made.tables.draws["dsg"].isna().sum() == 1
    assert "Nobody waits" in next(iter(made.tables.why.values()))


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("[sweep]\ninflation = { independant = [0.0, 0.1] }", "independent"),
        ("[sweep]\ninflation = { independent = [0.1, 0.0] }", "the low end 0.1 is above the high end 0"),
        ('[sweep]\nscenarios = [["base", "lat"]]', "late"),
        ("[sweep]\ndrawz = 3", "draws"),
        ('[sweep]\nslips = { "QC+" = { chance = 0.4 } }', "QB+"),
        ("[sweep]\nfees = { hospital = [0.9, 1.1] }", "hospital"),
    ],
)
def test_what_is_wrong_in_the_section_is_said(tmp_path: Path, section: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        sf.read(swept_toy(tmp_path, section=f"\n{section}\n", ranged=False))
    assert says in str(error.value)


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    model = tiny(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.docx").write_text("Dear all", encoding="utf-8")
    with pytest.raises(InputError, match=r"letter\.docx"):
        sweep_to_folder(model, folder=tmp_path / "mine", draws=1, workers=1)


def children_of(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")
def test_killed_at_any_point_and_on_workers_it_comes_out_the_same(tmp_path: Path) -> None:
    model = swept_toy(tmp_path, section=VARIED)
    sweep_to_folder(model, folder=tmp_path / "one", draws=12, workers=1)
    out, root = tmp_path / "out", Path(__file__).parents[2]
    command = [sys.executable, "cli.py", "sweep", str(model), "-o", str(out), "--draws", "12", "--workers", "2"]
    run = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
    kept = lambda: list(tmp_path.glob(".out.draws/*/0*.json"))  # noqa: E731
    until = time.monotonic() + 300
    while not kept() and time.monotonic() < until:
        time.sleep(0.05)
    for worker in children_of(run.pid)[-1:]:
        os.kill(worker, signal.SIGKILL)
    while len(kept()) < 4 and run.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert run.poll() is None, "the sweep ended before it could be killed"
    run.kill()
    run.wait()
    before = len(kept())
    assert 4 <= before < 12
    assert not out.exists()
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    assert json.loads((out / "sweep.json").read_text(encoding="utf-8"))["kept_from_before"] >= before
    assert contents(out) == contents(tmp_path / "one")
