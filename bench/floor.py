"""Where the time of a solve goes, and what it cannot go below.

    python bench/floor.py                # Saltmere's 240 small areas
    python bench/floor.py --areas 960

Nothing is proven without pricing all arcs once: one pass over them (cost to go, the cheapest entries, the bound) is the
floor. The table says how often each step ran, on the coarsest map and on all areas, and its seconds of processor
without those of the steps within it. Options are left out.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import highspy
import numpy as np
from areas import written
from plan import machine

from sufficiency import api
from sufficiency.plan.dual.lagrangian import price_all_arcs
from sufficiency.plan.pricing import column_generation, warm_start
from sufficiency.plan.rows.instance import prepare
from sufficiency.plan.rows.transitions import flows_of

ROOM = "sufficiency.plan"
STEPS = {
    "passes over all arcs": ("sufficiency.plan.dual.lagrangian:price_all_arcs",),
    "nearest entries": ("sufficiency.plan.dual.lagrangian:DualPoint.lowest_reduced_cost",),
    "HiGHS": (),
    "programs handed to it": (
        "sufficiency.plan.program.highs:load_arrays",
        "sufficiency.plan.program.highs:run_loaded",
    ),
    "programs as arrays": (
        "sufficiency.plan.program.lp:program_of_columns",
        "sufficiency.plan.program.lp:program_of_all_arcs",
    ),
    "the program in PuLP": (
        "sufficiency.plan.program.pulp_form:in_pulp",
        "sufficiency.plan.program.highs:solve_problem",
    ),
    "smoothed bound": (
        "sufficiency.plan.pricing.smoothed_dual:smooth_bound",
        "sufficiency.plan.pricing.smoothed_dual:best_within",
    ),
    "the coarsest map": ("sufficiency.plan.pricing.aggregation:coarsen",),
    "flows": ("sufficiency.plan.rows.transitions:flows_of",),
}
"""Functions of each step, as module:name; HiGHS is its own `run`."""
REST = "the rest"
PASSES = 5


@dataclass
class Clock:
    """Seconds of processor and calls, by step and by where: on the coarsest map, or on all areas."""

    seconds: dict[tuple[str, bool], float] = field(default_factory=dict)
    calls: dict[tuple[str, bool], int] = field(default_factory=dict)
    within: list[str] = field(default_factory=lambda: [REST])
    coarser: bool = False
    since: float = 0.0

    def turn(self) -> None:
        """Put down what has passed to the step that is on."""
        now, key = time.process_time(), (self.within[-1], self.coarser)
        self.seconds[key] = self.seconds.get(key, 0.0) + now - self.since
        self.since = now

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function with its time put down to the step."""

        def run(*args: Any, **more: Any) -> Any:
            self.turn()
            key = (step, self.coarser)
            if self.within[-1] != step:
                self.calls[key] = self.calls.get(key, 0) + 1
            self.within.append(step)
            try:
                return function(*args, **more)
            finally:
                self.turn()
                self.within.pop()

        return run

    def on_coarser_maps(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function with all that happens in it put down to the coarsest map."""

        def run(*args: Any, **more: Any) -> Any:
            self.turn()
            self.coarser = True
            try:
                return function(*args, **more)
            finally:
                self.turn()
                self.coarser = False

        return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=240)
    asked = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        instance = prepare(api.read(written(Path(folder), asked.areas)))
    begun = time.process_time()
    priced = column_generation.generate_columns(instance)
    whole = time.process_time() - begun
    clock = Clock()
    _watch(clock)
    clock.since = time.process_time()
    column_generation.generate_columns(instance)
    clock.turn()
    _tell(clock)
    passes, flows = [], flows_of(instance.data, instance.rows)
    for _ in range(PASSES):
        begun = time.process_time()
        price_all_arcs(instance, flows, priced.prices)
        passes.append(time.process_time() - begun)
    one = float(np.median(passes))
    print(f"a solve that nobody watches takes {whole:.2f} s")
    print(f"one pass over all arcs takes {one:.3f} s, the floor; the solve {whole / one:.0f} times as long")


def _tell(clock: Clock) -> None:
    print(f"{'':24}{'coarsest map':>18}{'all areas':>18}")
    sums = [0.0, 0.0]
    for step in [*STEPS, REST]:
        text = ""
        for place, coarser in enumerate((True, False)):
            calls, seconds = clock.calls.get((step, coarser), 0), clock.seconds.get((step, coarser), 0.0)
            text += f"{calls or '':>8}{seconds:8.2f} s"
            sums[place] += seconds
        print(f"{step:<24}{text}")
    print(f"{'everything':<24}{'':8}{sums[0]:8.2f} s{'':8}{sums[1]:8.2f} s", flush=True)


def _watch(clock: Clock) -> None:
    """Put a clock on every step, wherever its functions are used."""
    for step, names in STEPS.items():
        for name in names:
            module, _, rest = name.partition(":")
            owner: Any = importlib.import_module(module)
            *classes, last = rest.split(".")
            for part in classes:
                owner = getattr(owner, part)
            function = getattr(owner, last)
            timed = clock.timed(step, function)
            setattr(owner, last, timed)
            _everywhere(function, timed)
    setattr(highspy.Highs, "run", clock.timed("HiGHS", highspy.Highs.run))  # noqa: B010
    _everywhere(warm_start.on_coarsest_map, clock.on_coarser_maps(warm_start.on_coarsest_map))


def _everywhere(function: Any, instead: Any) -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith(ROOM):
            for attribute in [key for key, value in vars(module).items() if value is function]:
                setattr(module, attribute, instead)


if __name__ == "__main__":
    main()
