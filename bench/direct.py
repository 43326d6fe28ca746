"""How many times as fast pricing is as solving all arcs at once, with HiGHS and with Clp's dual simplex.

    python bench/direct.py                           # all 240 small areas of Saltmere; may take half an hour
    python bench/direct.py --areas 60
    python bench/direct.py --highs 0 --clp 600       # without HiGHS; Clp gets ten minutes

All three start from the same arrays, in one run: rules, through-schools and all eligible arcs, no options. Pricing runs
as in a plan, to the bound over all arcs. HiGHS gets the program of all arcs without PuLP, with the options that
`sufficiency/plan/program/highs.py` sets and else its own (presolve among them). Clp is the one in CBC's executable, by
default PuLP's own; it reads the program from an MPS file that HiGHS writes, and solves it with presolve, as is its
default, on one thread. Its seconds are those of the solve: what reading alone takes is taken off. `processor` is what
to compare where the machine had other work. Where a way was stopped the ratio is what is known: at least so many times.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pulp
from areas import written
from plan import machine

from sufficiency import api
from sufficiency.plan.dual.gap import relative_gap
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing.column_generation import generate_columns
from sufficiency.plan.program.highs import Limits, Solution, load_arrays, run_loaded
from sufficiency.plan.program.lp import LinearProgram, program_of_all_arcs, unchanging_cost
from sufficiency.plan.rows.instance import Instance, prepare
from sufficiency.plan.rows.transitions import flows_of

try:
    import resource
except ImportError:  # Windows
    raise SystemExit("this needs the processor time of other programs, which Windows does not say") from None

THREADS = 2
TARGETS = {"HiGHS": 50.0, "Clp": 10.0}
SAME = 1e-6


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock and of processor to an objective, in £; not proven where it was stopped."""

    wall: float
    processor: float
    objective: float
    proven: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=240)
    parser.add_argument("--highs", type=float, default=1800.0, help="seconds for HiGHS; 0 leaves it out")
    parser.add_argument("--clp", type=float, default=1800.0, help="seconds for Clp; 0 leaves it out")
    parser.add_argument("--cbc", default=pulp.PULP_CBC_CMD().path, help="CBC's executable; PuLP's own by default")
    asked = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        instance = prepare(api.read(written(Path(folder), asked.areas)))
        priced = _by_pricing(instance)
        program = program_of_all_arcs(instance, flows_of(instance.data, instance.rows))
        rows, columns = program.matrix.shape
        print(f"all arcs: {columns:,} columns, {rows:,} rows, {program.matrix.nnz:,} entries", flush=True)
        if asked.clp > 0:
            mps = Path(folder) / "all.mps"
            _at_once(program, 0.0)[0].writeModel(str(mps))
            _tell("Clp", _by_clp(program, mps, asked.cbc, asked.clp), priced)
        if asked.highs > 0:
            _tell("HiGHS", _by_highs(program, asked.highs), priced)


def _by_pricing(instance: Instance) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    priced = generate_columns(instance)
    wall, spent = time.perf_counter() - clock, time.process_time() - processor
    bound = price_all_arcs(instance, priced.flows, priced.prices).bound
    gap = relative_gap(priced.objective, bound, unchanging_cost(instance))
    print(f"{'pricing':<8}{wall:9.1f} s, processor{spent:9.1f} s, £{priced.objective:,.2f}, gap {gap:.0e}", flush=True)
    return Taken(wall, spent, priced.objective, priced.solution.optimal)


def _at_once(program: LinearProgram, seconds: float) -> tuple[Any, Solution]:
    lowest = np.where(np.arange(len(program.row_upper)) < program.shared, -np.inf, program.row_upper)
    limits = Limits(seconds, THREADS)
    arrays = program.matrix, program.cost, program.upper, program.row_upper
    highs = load_arrays(*arrays, row_lower=lowest, limits=limits)
    return highs, run_loaded(highs, limits)


def _by_highs(program: LinearProgram, seconds: float) -> Taken:
    clock, processor = time.perf_counter(), time.process_time()
    _, solved = _at_once(program, seconds)
    wall, spent = time.perf_counter() - clock, time.process_time() - processor
    return Taken(wall, spent, program.offset + solved.objective, solved.optimal)


def _by_clp(program: LinearProgram, mps: Path, cbc: str, seconds: float) -> Taken:
    """Clp's dual simplex on the program in an MPS file; `seconds` are of its processor."""
    read_wall, read_spent, _ = _run(cbc, mps, "-quit")
    answer = mps.with_suffix(".sol")
    wall, spent, said = _run(cbc, mps, "-seconds", seconds, "-dualsimplex", "-solution", answer, "-quit")
    first = answer.read_text(encoding="utf-8").partition("\n")[0]
    version = re.search(r"Version: (\S+)", said)
    iterations = re.search(r"(\d+) iterations", said)
    print(f"CBC {version[1] if version else '?'}, {iterations[1] if iterations else '?'} iterations", flush=True)
    proven = first.startswith("Optimal")
    objective = program.offset + float(first.rpartition(" ")[2])
    return Taken(wall - read_wall, spent - read_spent, objective, proven)


def _run(*command: object) -> tuple[float, float, str]:
    """Seconds by the clock, of processor, and what the command printed."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run([str(word) for word in command], capture_output=True, check=True, text=True)
    wall, after = time.perf_counter() - clock, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, run.stdout


def _tell(name: str, taken: Taken, priced: Taken) -> None:
    atleast = "" if taken.proven else "at least "
    apart, target = abs(taken.objective - priced.objective) / abs(priced.objective), TARGETS[name]
    agreed = f"objectives {apart:.0e} apart ({SAME:.0e} allowed)" if taken.proven else "stopped"
    print(
        f"{name:<8}{taken.wall:9.1f} s, processor{taken.processor:9.1f} s, £{taken.objective:,.2f}, {agreed}\n"
        f"  pricing is {atleast}{taken.wall / priced.wall:.1f} times as fast by the clock, "
        f"{taken.processor / priced.processor:.1f} of processor; target {target:.0f}, least {target / 2:.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
