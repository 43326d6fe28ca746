"""From a case to a saved plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sufficiency.api.ranging import demand_range, has_range
from sufficiency.api.reading import read
from sufficiency.api.result_tables import result_of, result_with_appraisal
from sufficiency.api.solving import PENDING, SolvedCase, solve_case, with_appraisal
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.against import with_against, year_planned
from sufficiency.result.folder import load, refuse_other_model, refuse_unusable, refuse_without_parquet, save
from sufficiency.result.frames import without_dust
from sufficiency.result.summary import input_hashes, model_place
from sufficiency.scenarios import scenario_model


def solve(
    case: Case, progress: Progress = silent, direct: bool = False, appraise: bool = True, stop: Stop | None = None
) -> Result:
    """Plan a case: the cheapest placement plan, proven, as a result. Raises CertificateError where the proof fails
    and InputError where hard rules clash. `direct` solves the program of all arcs at once: slower, for checking.
    `appraise` false leaves out what each option saves, the order to commission, and the alternatives.

    `stop.ask()`, from a progress or another thread, ends the search with the best plan so far; raises Interrupted
    where there is none. `ctrl_c_asks` has Ctrl-C do so.
    """
    solved = with_appraisal(solve_case(case, progress, direct, appraise, stop=stop), progress, stop)
    result = result_of(solved, progress)
    return _with_range(result, solved, progress, stop) if appraise and has_range(case) else result


def _with_range(result: Result, solved: SolvedCase, progress: Progress, stop: Stop | None) -> Result:
    """The result with `range.csv`, where there is time for it."""
    table = None if stop is not None and stop.asked else demand_range(solved, progress, stop)
    return result if table is None else replace(result, frames={**result.frames, "range": without_dust(table)})


def result_folder(path: str | Path, scenario: str = "base") -> Path:
    """Where a model's results go by default: `results/<model>/<scenario>`."""
    return Path("results") / Path(path).stem / scenario


def plan_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    parquet: bool = False,
    progress: Progress = silent,
    direct: bool = False,
    appraise: bool = True,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
    first: Callable[[Result, Path], object] | None = None,
    against: Path | None = None,
) -> tuple[Result, Path]:
    """Read, plan and save, then appraise the options and save again. Raises InputError before anything is solved where
    the folder cannot be used. `warn` is given the problems that do not stop the plan, `first` the plan once it is saved
    and its appraisal is to come; `stop` is as in `solve`. `against`: the folder of an
    older plan, which the base year is set beside. Interrupted from then on, what is saved stays.
    """
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    target = folder or result_folder(path, scenario)
    refuse_unusable(target)
    if parquet:
        refuse_without_parquet()
    case = read(path, scenario, progress)
    if folder is None:
        refuse_other_model(target, model_place(Path(path)), input_hashes(case))
    if warn is not None:
        warn(case.warnings)
    planned = None if against is None else year_planned(load(against), case.model.base_year, str(against))
    solved = solve_case(case, progress, direct, appraise, stop=stop)
    result = result_of(solved, progress)
    if planned is not None:
        result = with_against(result, planned, solved.base.data, str(against))
    progress("Save", str(target))
    save(result, target, parquet=parquet)
    ranged = appraise and has_range(case)
    if not (ranged or solved.appraised == PENDING) or (stop is not None and stop.asked):
        return result, target
    if first is not None:
        first(result, target)
    try:
        pending = solved.appraised == PENDING
        solved = with_appraisal(solved, progress, stop)
        if pending and solved.appraised != PENDING:
            result = result_with_appraisal(result, solved)
        result = _with_range(result, solved, progress, stop) if ranged else result
        if ranged or solved.appraised != PENDING:
            progress("Save", str(target))
            save(result, target, parquet=parquet)
    except KeyboardInterrupt:
        pass  # the plan is saved, and says that its appraisal is pending
    return result, target
