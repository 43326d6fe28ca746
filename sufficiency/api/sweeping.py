"""The plan in many futures: read, planned once, drawn on workers, and saved."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import sufficiency
from sufficiency.api.asking import Session, session
from sufficiency.api.planning import result_folder
from sufficiency.api.reading import changed_case, read
from sufficiency.api.weighing import Weighed, weigh_programmes
from sufficiency.arrays import on_one_core
from sufficiency.caches import file_hash
from sufficiency.case import Case
from sufficiency.deadline import Deadline, Stop
from sufficiency.model.scenarios import BASE
from sufficiency.model_file import read_model
from sufficiency.plan.explain.fairness import with_fairness, with_kappa_of
from sufficiency.plan.options.choices import may_open
from sufficiency.plan.options.fixed import fix_openings
from sufficiency.plan.pricing.column_generation import WarmStart
from sufficiency.plan.rows.instance import prepare
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.result.folder import plain
from sufficiency.result.locked import only_run
from sufficiency.result.swap import real
from sufficiency.scenarios import scenario_model
from sufficiency.standing import keys
from sufficiency.studies.sweep.cluster import on_cluster, refuse_without_cluster, warnings_of
from sufficiency.studies.sweep.demand import Paths, paths_of_table
from sufficiency.studies.sweep.draw import solve_draw
from sufficiency.studies.sweep.folder import refuse_unusable_sweep, save_sweep
from sufficiency.studies.sweep.pool import (
    Pool,
    TimeLeft,
    default_workers,
    in_this_process,
    on_workers,
    say_how_far,
)
from sufficiency.studies.sweep.start import Combination, Start, combination, openings_of
from sufficiency.studies.sweep.store import BasePlan, Store, draws_folder, forget, lock_of
from sufficiency.studies.sweep.together import Together, together
from sufficiency.tables.origin import standing_of

DONE, STOPPED = "done", "stopped"
"""Status of a sweep in `sweep.json`."""


@dataclass(frozen=True)
class SweepMade:
    """A sweep that was saved: its tables, `sweep.json`, and the files."""

    case: Case
    tables: Together
    document: dict[str, Any]
    files: list[Path]
    weighed: Weighed | None = None

    @property
    def whole(self) -> bool:
        """Whether all draws are there."""
        return bool(self.document["status"] == DONE)


def sweep_folder_of(path: str | Path, scenario: str = BASE) -> Path:
    """Where a sweep goes by default: `results/<model>/<scenario>.sweep`."""
    plan = result_folder(path, scenario)
    return plan.with_name(f"{plan.name}.sweep")


def sweep_to_folder(
    path: str | Path,
    scenario: str = BASE,
    folder: Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    robust: bool = False,
    cluster: str | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> SweepMade:
    """The plan of a model in many futures, as `[sweep]` of the model file has them, on `workers` processes.

    The programme is that of the base plan in every future; children are placed anew. A draw is kept as soon as it is
    finished: called again after it was cut short, a sweep goes on from there. `robust`: the programme that is best over
    all draws is sought too, and set beside others. `cluster`: the address of a Dask scheduler, whose workers take the
    place of processes here. `stop.ask()` ends it with the draws so far. Raises InputError where
    the folder cannot be used or the model is wrong, and where the base plan is not proven in time.
    """
    began, stop = time.monotonic(), stop or Stop()
    scenario_model(read_model(path), scenario)  # a name that is none must not become a folder
    target = real(folder or sweep_folder_of(path, scenario))
    refuse_unusable_sweep(target)
    if cluster is not None:
        refuse_without_cluster()
    case = read(path, scenario, progress)
    count = case.model.sweep.draws if draws is None else draws
    seed = case.model.sweep.seed if seed is None else seed
    workers = min(workers or default_workers(), count)
    paths = _paths_of(case, progress)
    varied = _what_varies(case, paths)
    if warn is not None:
        of_cluster = [] if cluster is None else warnings_of(cluster)
        warn([*case.warnings, *_nothing_varies(case, varied), *of_cluster])
    target.parent.mkdir(parents=True, exist_ok=True)
    with only_run(lock_of(target), target):
        store = Store(draws_folder(target) / _key(case, scenario, seed))
        start = _start(case, paths, store, seed, progress, stop)
        missing = store.missing(count)
        pool = in_this_process if workers == 1 else on_workers(workers)
        pool = pool if cluster is None else on_cluster(cluster)
        _solve_missing(start, store, missing, count, pool, workers, progress, stop)
        tables = together(store.draws(count), start.options, list(case.model.plan_years))
        document = {
            "status": DONE if len(tables.draws) == count else STOPPED,
            "draws_done": len(tables.draws),
            "of": count,
            "seconds": round(time.monotonic() - began, 3),
            "workers": workers if cluster is None else cluster,
            "kept_from_before": count - len(missing),
            "without_a_plan": len(tables.why),
            "seed": seed,
            "scenario": scenario,
            "varies": varied,
            "programme": [{"option": option, "year": year, "part": part} for option, year, part in start.opens],
            "version": sufficiency.__version__,
            **keys(standing_of(case.model)),
        }
        weighed = None
        if robust and not stop.asked:
            weighed = weigh_programmes(path, start, count, pool, progress, stop)
            document["status"] = STOPPED if weighed is None else document["status"]
        if weighed is not None:
            document["robust"] = weighed.document
        progress("Save", str(target))
        files = save_sweep(target, tables, None if weighed is None else weighed.table, plain(document))
        if document["status"] == DONE:
            forget(target)
    return SweepMade(case, tables, document, files, weighed)


def _solve_missing(
    start: Start,
    store: Store,
    missing: Sequence[int],
    count: int,
    pool: Pool,
    workers: int,
    progress: Progress,
    stop: Stop,
) -> None:
    left = TimeLeft(len(missing), workers)
    stop.solving = True
    say_how_far(progress, count - len(missing), count, None)
    for _, drawn in pool(start, solve_draw, missing, stop) if missing else ():
        store.keep(drawn)
        left.finished()
        say_how_far(progress, count - len(missing) + left.done, count, left.seconds)


@on_one_core
def _start(case: Case, paths: Paths | None, store: Store, seed: int, progress: Progress, stop: Stop) -> Start:
    """What draws start from; the base plan as it was kept where there is one. Raises InputError where the base plan is
    not proven in time.
    """
    base_plan = store.base()
    if base_plan is None:
        progress("Sweep", "the base plan")
        base_plan = _base_plan(session(case, progress, stop))
        store.keep_base(base_plan)
    rule = case.model.rules.fairness
    if rule is not None:
        case = with_fairness(case, rule.model_copy(update={"kappa": base_plan.kappa}))
    base = prepare(case)
    may = may_open(case, base.data)
    instance = fix_openings(base, may, openings_of(may, base.data, base_plan.opens))
    warm = WarmStart(instance, base_plan.prices, Deadline.after(case.model.solver.seconds), base_plan.rough)
    combinations = tuple(_combinations(replace(case, defaults=base.defaults), paths))
    return Start(seed, combinations, paths, warm, base_plan.opens)


def _base_plan(base: Session) -> BasePlan:
    if base.plan.status != "optimal":
        what = "the plan was not proven in time, so draws have nothing to start from"
        raise InputError([Problem(what, base.case.model.path.name, fix="give solver.seconds more")])
    opens = tuple((option, one.year, one.part) for option, parts in base.openings.items() for one in parts)
    rule, priced = base.case.model.rules.fairness, base.solved.priced
    return BasePlan(opens, priced.prices, priced.rough, None if rule is None else rule.kappa)


def _combinations(case: Case, paths: Paths | None) -> list[Combination]:
    """The case under every combination of the scenarios to cross; the case itself where there are none."""
    made = []
    for names in product(*case.model.sweep.scenarios):
        several = [name for name in names if name != BASE]
        here = with_kappa_of(changed_case(case, {"builds_on": several}), case) if several else case
        made.append(combination(" ".join(several) or BASE, here, paths))
    return made


def _paths_of(case: Case, progress: Progress) -> Paths | None:
    """The simulated paths of the forecast, or of the demand table; None where there are none."""
    model = case.model
    if model.sweep.demand == "expected":
        return None
    if model.forecast is not None:
        from sufficiency.forecast.inputs import read_inputs
        from sufficiency.forecast.run import course_paths

        return course_paths(read_inputs(model), progress)
    simulated = case.tables.simulated
    return None if simulated is None else paths_of_table(simulated, model.base_year)


def _what_varies(case: Case, paths: Paths | None) -> dict[str, Any]:
    """What differs between draws, in the words of `sweep.json`."""
    sweep, demand = case.model.sweep, case.tables.demand
    ranged = bool(demand[["low", "high"]].notna().to_numpy().any()) and sweep.demand == "paths"
    how = "simulated paths" if paths is not None else "one level between low and high" if ranged else "as expected"
    return {
        "demand": how,
        "paths": 0 if paths is None else paths.count,
        "inflation": dict(sweep.inflation),
        "fees": dict(sweep.fees),
        "slips": {name: slip.model_dump() for name, slip in sweep.slips.items()},
        "scenarios": sweep.scenarios,
    }


def _nothing_varies(case: Case, varied: dict[str, Any]) -> list[Problem]:
    said = [varied[name] for name in ("inflation", "fees", "slips", "scenarios")]
    if varied["demand"] != "as expected" or any(said):
        return []
    what = "every draw is the same: demand has no simulated paths and no low and high, and [sweep] varies nothing"
    fix = "add low and high to the demand table, or inflation, fees, slips or scenarios to [sweep]"
    return [Problem(what, case.model.path.name, fix=fix, severity="warning")]


def _key(case: Case, scenario: str, seed: int) -> str:
    """Stands for all that a draw depends on, but for its number: model, tables, program."""
    model = case.model.model_dump(mode="json", exclude={"scenarios", "sweep"})
    sweep = case.model.sweep.model_dump(mode="json", exclude={"draws", "seed", "cvar_level", "cvar_weight"})
    scenarios = {name: one.model_dump(mode="json") for name, one in case.model.scenarios.items()}
    files = {name: file_hash(file) for name, file in sorted(case.tables.files.items())}
    journeys = [hashlib.sha256(part.tobytes()).hexdigest() for part in (case.journeys.minutes, case.journeys.km)]
    known = [sufficiency.__version__, scenario, seed, model, sweep, scenarios, files, journeys]
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()[:32]
