"""Scenarios planned one after another and set side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sufficiency import __version__
from sufficiency.api.planning import result_folder
from sufficiency.api.reading import read_cases
from sufficiency.api.result_tables import result_of
from sufficiency.api.solving import PATTERN, solve_case
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.plan.solve.solve import Solved
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent, within
from sufficiency.report.screens.compare import compare_summary
from sufficiency.result import Result
from sufficiency.result.folder import load, save, version_of
from sufficiency.result.summary import input_hashes
from sufficiency.studies.compare import Comparison, compared
from sufficiency.studies.compare_folder import refuse_unusable_comparison, save_comparison


def compare(
    path: str | Path,
    scenarios: Sequence[str] | None = None,
    progress: Progress = silent,
    stop: Stop | None = None,
) -> Comparison:
    """Plan scenarios of a model (without names: all), `base` first, and set them side by side; nothing is saved.

    `stop.ask()` ends the scenario at hand with its best plan so far; those after it are named as `missing`. Raises
    InputError with every problem of every scenario before anything is solved.
    """
    return compare_cases(read_cases(path, scenarios, progress), None, progress, stop)


def compare_to_folder(
    path: str | Path,
    scenarios: Sequence[str] | None = None,
    folder: Path | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> tuple[Comparison, Path]:
    """Compare scenarios in a folder of the comparison's own, `results/<model>.compare` without one: each result made
    for it in a folder of the scenario's name inside. Results that were made from these very inputs are used again,
    the base plan's also from `results/<model>/base`; no result of `plan` is changed. Raises as `compare`, and where a
    folder cannot be used.
    """
    base = result_folder(path)
    target = folder or base.parent.with_name(f"{base.parent.name}.compare")
    cases = read_cases(path, scenarios, progress)
    refuse_unusable_comparison(target, list(cases))
    if warn is not None:
        warn(cases[BASE].warnings)
    comparison = compare_cases(cases, target, progress, stop, base)
    save_comparison(comparison, target, compare_summary(comparison))
    return comparison, target


def compare_cases(
    cases: dict[str, Case],
    folder: Path | None,
    progress: Progress,
    stop: Stop | None = None,
    planned: Path | None = None,
) -> Comparison:
    """Plan cases, `base` first, and set them side by side; each starts from the prices of the base plan where that was
    made just now. With a folder each result is saved, or used again; `planned`: a result of the base that may be used.
    """
    results: dict[str, Result] = {}
    reused: list[str] = []
    missing: list[str] = []
    base: Solved | None = None
    for number, (name, case) in enumerate(cases.items(), 1):
        step = within(progress, f"{name} ({number} of {len(cases)})")
        places = [place for place in (planned if name == BASE else None, folder and folder / name) if place]
        reusable = next(filter(None, (_usable(place, case) for place in places)), None)
        if reusable is not None:
            results[name] = reusable
            reused.append(name)
            continue
        if stop is not None and stop.asked and results:
            missing.append(name)
            continue
        towards = results[BASE].placements if name != BASE else None
        solved = solve_case(case, step, appraise=False, towards=towards, stop=stop, like=base)
        base = solved.solved if name == BASE else base
        results[name] = result_of(solved, step)
        if folder is not None:
            save(results[name], folder / name)
    return compared(results, tuple(reused), tuple(missing))


def _usable(folder: Path, case: Case) -> Result | None:
    """The result in a folder where it was made from these inputs, with its ties settled as a comparison needs, and
    nobody interrupted it; a damaged one is planned again.
    """
    try:
        result = load(folder, whole=True)
    except InputError:
        return None
    summary, towards = result.summary, PATTERN if case.scenario == BASE else BASE
    same = summary.get("scenario") == case.scenario and summary.get("inputs") == input_hashes(case)
    fits = same and summary.get("ties_settled_to") == towards and "measures" in result.frames
    fits = fits and not summary.get("interrupted", False)
    return result if fits and version_of(summary) == __version__ else None
