"""From a case to a saved plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sufficiency.api.reading import read
from sufficiency.api.result_tables import result_of
from sufficiency.api.solving import solve_case
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
    return result_of(solve_case(case, progress, direct, appraise, stop=stop), progress)


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
) -> tuple[Result, Path]:
    """Read, plan and save. Raises InputError before anything is solved where the folder cannot be used. `warn` is
    given the problems that do not stop the plan; `stop` is as in `solve`.
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
    result = solve(case, progress, direct, appraise, stop)
    progress("Save", str(target))
    return result, save(result, target, parquet=parquet)
