"""Ctrl-C while a plan is made: real signals, at a step of its progress; once from outside, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import sufficiency as sf
from sufficiency.cli import main
from sufficiency.commands import stopping
from sufficiency.deadline import Stop
from sufficiency.progress import Progress
from tests.saltmere import short_saltmere
from tests.solved import toy_case, toy_result

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "toy" / "toy.toml"
TOLD = "stopping with"

PRESSED = """
import signal, sys
from contextlib import contextmanager
from sufficiency import cli
from sufficiency.commands import stopping

signal.signal(signal.SIGINT, signal.default_int_handler)
step, detail, times = sys.argv[1], sys.argv[2], int(sys.argv[3])

@contextmanager
def shown(quiet):
    left = times
    def show_step(at, what=""):
        nonlocal left
        while left and at == step and detail in what:
            left -= 1
            signal.raise_signal(signal.SIGINT)
    yield show_step

stopping.progress_shown = shown
cli.main(sys.argv[4:])
"""
WITHIN_HIGHS = """
import signal, sys
from sufficiency import cli
from sufficiency.plan.program import highs

signal.signal(signal.SIGINT, signal.default_int_handler)
heed, left = highs._heed, int(sys.argv[1])

def pressed(*arguments):
    global left
    while left:
        left -= 1
        signal.raise_signal(signal.SIGINT)
    heed(*arguments)

highs._heed = pressed
cli.main(sys.argv[2:])
"""


def run(script: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def pressed(at: tuple[str, str], *words: object, times: int = 1) -> Result:
    """A command with Ctrl-C pressed when its progress says `at`."""
    left = times

    @contextmanager
    def shown(quiet: bool) -> Iterator[Progress]:
        def show_step(step: str, detail: str = "") -> None:
            nonlocal left
            while left and step == at[0] and at[1] in detail:
                left -= 1
                signal.raise_signal(signal.SIGINT)

        yield show_step

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stopping, "progress_shown", shown)
            done = CliRunner().invoke(main, list(map(str, words)))
    finally:
        signal.signal(signal.SIGINT, before)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def saved(folder: Path) -> dict[str, Any]:
    """The summary of a result that loads, is certified, and whose bound is none but a true one."""
    summary = sf.load(folder).summary
    assert summary["certificate"]["ok"]
    assert summary["gap"] >= -1e-9
    assert summary["bound"] <= summary["objective"] + 1e-6 * abs(summary["objective"])
    return summary


@pytest.fixture(scope="module")
def best() -> float:
    """The cost of the toy's cheapest plan."""
    return float(toy_result().summary["objective"])


@pytest.mark.parametrize("route", [[], ["--direct"]])
@pytest.mark.parametrize("at", [("Choose", ""), ("Solve", "places for children")])
def test_interrupted_while_solving_the_best_plan_so_far_is_saved(
    tmp_path: Path, best: float, at: tuple[str, str], route: list[str]
) -> None:
    done = pressed(at, "plan", TOY, "-o", tmp_path / "out", *route)
    assert done.exit_code == 3, done.stderr
    assert done.stderr.count(TOLD) == 1
    assert "press Ctrl-C again" in done.stderr
    assert "Interrupted: this is the best plan found so far" in done.stdout
    assert "No plan can cost less than" in done.stdout
    assert "there are places to spare" not in done.stdout
    assert "is an upper bound" not in done.stdout
    summary = saved(tmp_path / "out")
    assert (summary["status"], summary["interrupted"]) == ("stopped", True)
    assert {"place_values", "ties"} <= set(summary["left_out"])
    assert summary["bound"] <= best * (1 + 1e-9) <= summary["objective"] * (1 + 2e-9)


@pytest.mark.parametrize("step", ["Value places", "Settle ties"])
def test_interrupted_after_it_the_plan_stays_proven_and_says_what_is_missing(tmp_path: Path, step: str) -> None:
    done = pressed((step, ""), "plan", TOY, "-o", tmp_path / "out")
    assert done.exit_code == 3, done.stderr
    assert "Interrupted once the plan itself was found" in done.stdout
    summary = saved(tmp_path / "out")
    assert summary["status"] in {"optimal", "within_gap"}
    assert summary["interrupted"]
    assert "appraisal" in summary["left_out"]


def test_interrupted_when_all_is_solved_nothing_is_missing(tmp_path: Path) -> None:
    done = pressed(("Tables", ""), "plan", TOY, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    summary = saved(tmp_path / "out")
    assert (summary["interrupted"], summary["left_out"], summary["appraisal"]) == (False, [], "pending")


@pytest.mark.parametrize("times", [1, 2])
def test_interrupted_while_options_are_appraised_the_saved_plan_stays(tmp_path: Path, times: int) -> None:
    done = pressed(("Appraise", ""), "plan", TOY, "-o", tmp_path / "out", times=times)
    assert done.exit_code == 0, done.stderr
    assert "is being worked out" in " ".join(done.stdout.split())
    assert "it was interrupted" in done.stdout
    summary = saved(tmp_path / "out")
    assert (summary["interrupted"], summary["left_out"], summary["appraisal"]) == (False, [], "pending")
    assert summary["programme"]["opened"]
    assert [item.name for item in tmp_path.iterdir() if not item.name.startswith(".")] == ["out"]


@pytest.mark.parametrize("step", ["Read", "Build"])
def test_interrupted_before_it_solves_nothing_is_saved(tmp_path: Path, step: str) -> None:
    done = pressed((step, ""), "plan", TOY, "-o", tmp_path / "out")
    assert done.exit_code == 130
    assert "stopped; nothing was saved" in done.stderr
    assert TOLD not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("step", ["Choose", "Save"])
def test_the_second_ctrl_c_stops_at_once_and_leaves_the_earlier_result(tmp_path: Path, step: str) -> None:
    toy_result().save(tmp_path / "out")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    done = pressed((step, ""), "plan", TOY, "-o", tmp_path / "out", times=2)
    assert done.exit_code == 130
    assert "stopped; nothing was saved" in done.stderr
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before
    assert [item.name for item in tmp_path.iterdir() if not item.name.startswith(".")] == ["out"]


def test_an_interrupted_comparison_says_what_is_missing_and_goes_on_later(tmp_path: Path) -> None:
    at, words = ("late (2 of 3)", "solve, places"), ("compare", TOY, "-o", tmp_path / "out")
    done = pressed(at, *words)
    assert done.exit_code == 3, done.stderr
    assert "Interrupted, so not planned and not compared: late-and-more" in done.stdout
    assert "Stopped early, so not proven to be the cheapest plan: late." in done.stdout
    document = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert document["missing"] == ["late-and-more"]
    assert [(entry["scenario"], entry["status"]) for entry in document["scenarios"]][1] == ("late", "stopped")
    assert saved(tmp_path / "out" / "late")["interrupted"]
    assert not (tmp_path / "out" / "late-and-more").exists()
    again = pressed(("never", ""), *words, times=0)
    assert again.exit_code == 0, again.stderr
    assert "Reused, made from the same inputs: base\n" in again.stdout
    assert not saved(tmp_path / "out" / "late")["interrupted"]


def test_an_interrupted_frontier_keeps_the_plans_it_has(tmp_path: Path) -> None:
    done = pressed(("Frontier", "plan 3 of 4"), "frontier", TOY, "--points", 4, "-o", tmp_path / "out")
    assert done.exit_code == 3, done.stderr
    assert "Interrupted: 2 of 4 plans were made" in done.stdout
    points = pd.read_csv(tmp_path / "out" / "frontier.csv").drop(columns="rules_missed")  # blank: the toy has no rule
    assert points["limit"].notna().tolist() == [True] * 4
    assert points.drop(columns="limit").notna().all(axis=1).tolist() == [True, True, False, False]
    assert points.drop(columns="limit").isna().all(axis=1).tolist() == [False, False, True, True]
    none = pressed(("Frontier", "the fairest"), "frontier", TOY, "--points", 4, "-o", tmp_path / "none")
    assert none.exit_code == 130
    assert "stopped; nothing was saved: no plan of the frontier was made yet" in none.stderr
    assert not (tmp_path / "none").exists()


def test_interrupted_worths_keep_the_settings_they_have(tmp_path: Path) -> None:
    done = pressed(("Worth", "setting 3 of 5"), "worth", TOY, "-o", tmp_path / "out")
    assert done.exit_code == 3, done.stderr
    assert "stopping with the settings so far" in done.stderr
    assert "Interrupted: 2 of 5 settings were asked about" in done.stdout
    notes = pd.read_csv(tmp_path / "out" / "worth.csv")["note"]
    assert (notes == "Not asked: interrupted before").sum() == 3
    assert len(notes) == 5
    none = pressed(("Choose", ""), "worth", TOY, "-o", tmp_path / "none")
    assert none.exit_code == 130
    assert "stopped; nothing was saved: the worth of no setting is known yet" in none.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_maps_are_drawn_of_an_interrupted_plan(tmp_path: Path) -> None:
    words = ("map", TOY, "-o", tmp_path / "out", "--kind", "demand", "--format", "png")
    done = pressed(("Choose", ""), *words)
    assert done.exit_code == 3, done.stderr
    assert list((tmp_path / "out" / "maps").glob("*.png"))
    assert saved(tmp_path / "out")["interrupted"]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send Ctrl-C to one process")
def test_ctrl_c_from_outside(tmp_path: Path) -> None:
    waiting = PRESSED.replace(
        "signal.raise_signal(signal.SIGINT)", "print('here', flush=True); signal.sigwait([signal.SIGUSR1])"
    ).replace("step, detail", "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nstep, detail")
    command = [sys.executable, "-c", waiting, "Choose", "", "1", "plan", str(TOY), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        os.kill(process.pid, signal.SIGINT)
        os.kill(process.pid, signal.SIGUSR1)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 3, errors
    assert TOLD in errors
    assert saved(tmp_path / "out")["status"] == "stopped"


def test_a_program_may_ask_too(best: float) -> None:
    stop, steps = Stop(), []

    def progress(step: str, detail: str = "") -> None:
        steps.append(step)
        if step == "Choose":
            stop.ask()

    summary = sf.api.solve(toy_case(), progress, stop=stop).summary
    assert (summary["status"], summary["interrupted"], summary["certificate"]["ok"]) == ("stopped", True, True)
    assert summary["bound"] <= best * (1 + 1e-9) <= summary["objective"] * (1 + 2e-9)
    assert "Value places" not in steps


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "gap"),
    [
        (("Choose", "first on"), 0.5),
        (("Choose", "best plan £"), 0.02),
        (("Solve", "near £"), 1e-4),  # the search has the plan already
    ],
)
def test_the_longer_it_ran_the_better_the_plan(tmp_path: Path, at: tuple[str, str], gap: float) -> None:
    model = short_saltmere(tmp_path, 2029, ("NB1", "NB2", "GB1", "CL1"))
    done = pressed(at, "plan", model, "-o", tmp_path / "out")
    assert done.exit_code == 3, done.stderr
    assert saved(tmp_path / "out")["gap"] <= gap


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_one_long_run_of_the_solver_ends_too(tmp_path: Path, times: int) -> None:
    model = short_saltmere(tmp_path, 2028, ("NB1", "GB1"))
    done = run(WITHIN_HIGHS, times, "plan", model, "--direct", "-o", tmp_path / "out")
    assert done.stderr.count(TOLD) == 1, done.stderr
    if times == 1:
        assert done.returncode == 3
        assert saved(tmp_path / "out")["status"] == "stopped"
    else:
        assert done.returncode == 130
        assert not (tmp_path / "out").exists()
