"""From a case to a saved plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sufficiency.api.reading import read
from sufficiency.api.result_tables import result_of, result_with_appraisal
from sufficiency.api.solving import PENDING, solve_case, with_appraisal
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.folder import refuse_other_model, refuse_unusable, refuse_without_parquet, save
from sufficiency.result.summary import model_place
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
    return result_of(with_appraisal(solve_case(case, progress, direct, appraise, stop=stop), progress, stop), progress)


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
) -> tuple[Result, Path]:
    """Read, plan and save, then appraise the options and save again. Raises InputError before anything is solved where
    the folder cannot be used. `warn` is given the problems that do not stop the plan, `first` the plan once it is saved
    and its appraisal is to come; `stop` is as in `solve`. Interrupted from then on, what is saved stays.
    """
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    target = folder or result_folder(path, scenario)
    refuse_unusable(target)
    if parquet:
        refuse_without_parquet()
    if folder is None:
        refuse_other_model(target, model_place(Path(path)))
    case = read(path, scenario, progress)
    if warn is not None:
        warn(case.warnings)
    solved = solve_case(case, progress, direct, appraise, stop=stop)
    result = result_of(solved, progress)
    progress("Save", str(target))
    save(result, target, parquet=parquet)
    if solved.appraised != PENDING or (stop is not None and stop.asked):
        return result, target
    if first is not None:
        first(result, target)
    try:
        solved = with_appraisal(solved, progress, stop)
        if solved.appraised != PENDING:
            result = result_with_appraisal(result, solved)
            progress("Save", str(target))
            save(result, target, parquet=parquet)
    except KeyboardInterrupt:
        pass  # the plan is saved, and says that its appraisal is pending
    return result, target
