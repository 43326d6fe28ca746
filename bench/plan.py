"""How long a plan takes, step by step, how much memory it needs, and what pricing saves against solving all arcs at
once.

    python bench/plan.py                                  # the three models of Saltmere
    python bench/plan.py models/saltmere.toml --direct    # and the same program solved directly
    python bench/plan.py --json figures.json

Every model runs in a process of its own, so that one model's memory does not show as another's. `bench/README.md`
says what each line means.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("saltmere.toml", "saltmere-year-groups.toml", "saltmere-small-areas.toml")
STEPS = ("import", "read", "build", "solve", "place values", "ties", "least overspend", "tables", "write")
"""Steps of a plan in order; the ones in the middle are those of `summary.json`."""


def main() -> int:
    """Measure each model and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=Path, help="model files; the models of Saltmere where none is given")
    parser.add_argument("--direct", action="store_true", help="solve all arcs at once as well, and compare")
    parser.add_argument("--seconds", type=float, help="time given to each solve in place of the model's solver.seconds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(asked.models[0], direct=asked.direct, seconds=asked.seconds)))
        return 0
    print(machine(), flush=True)
    figures = []
    for model in asked.models or [ROOT / "models" / name for name in MODELS]:
        figure = in_own_process(model, direct=asked.direct, seconds=asked.seconds)
        figures.append(figure)
        print(lines_of(figure), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def machine() -> str:
    """What the figures depend on besides the code."""
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    packages = ", ".join(f"{name} {version(name)}" for name in ("highspy", "pulp", "numpy", "pandas"))
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores{load}; {python}; {packages}"


def in_own_process(model: Path, *, direct: bool, seconds: float | None) -> dict[str, Any]:
    """The figures of one model, measured in a fresh process."""
    command = [sys.executable, __file__, "--one", str(model)]
    command += ["--direct"] if direct else []
    command += ["--seconds", str(seconds)] if seconds is not None else []
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8")
    figures: dict[str, Any] = json.loads(run.stdout)
    return figures


def measured(model: Path, *, direct: bool, seconds: float | None) -> dict[str, Any]:
    """Plan a model and save it, with the clock on every step."""
    started = time.perf_counter()
    from sufficiency import api
    from sufficiency.result.folder import save

    imported = time.perf_counter() - started
    case = api.read(model)
    if seconds is not None:
        solver = case.model.solver.model_copy(update={"seconds": seconds})
        case = _with_model(case, case.model.model_copy(update={"solver": solver}))
    result = api.solve(case)
    clock = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        save(result, Path(folder) / "result")
        wrote = time.perf_counter() - clock
    summary = result.summary
    figures = {
        "model": summary["model"],
        "status": summary["status"],
        "objective": summary["objective"],
        "gap": summary["gap"],
        "columns": summary["columns"],
        "rows": summary["rows"],
        "seconds": {"import": imported, **summary["seconds"], "write": wrote},
        "processor_seconds": time.process_time(),
        "peak_mb": peak_mb(),
    }
    figures["seconds"].pop("total", None)
    if direct:
        figures["direct"] = compared(case)
    return figures


def _with_model(case: Any, model: Any) -> Any:
    from dataclasses import replace

    return replace(case, model=model)


def peak_mb() -> float | None:
    """Most memory this process has held so far, MB; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def compared(case: Any) -> dict[str, Any]:
    """The same prepared program solved by pricing and with all arcs at once, one after the other; both certified."""
    from sufficiency.plan.rows.instance import prepare
    from sufficiency.plan.solve.solve import solve_by_pricing, solve_directly

    instance = prepare(case)
    clock = time.perf_counter()
    priced = solve_by_pricing(instance).plan
    by_pricing = time.perf_counter() - clock
    clock = time.perf_counter()
    whole = solve_directly(instance).plan
    at_once = time.perf_counter() - clock
    return {
        "status": whole.status,
        "columns": whole.columns,
        "seconds_pricing": by_pricing,
        "seconds_direct": at_once,
        "difference": abs(whole.objective - priced.objective) / max(abs(whole.objective), 1.0),
        "peak_mb": peak_mb(),
    }


def lines_of(figures: dict[str, Any]) -> str:
    """One model's figures as lines of text."""
    seconds: dict[str, float] = figures["seconds"]
    total = sum(seconds.values())
    gap = f"gap {figures['gap']:.1e}"
    lines = [
        "",
        f"{figures['model']}: {figures['status']}, £{figures['objective']:,.0f}, {gap}, "
        f"{figures['columns']:,} columns, {figures['rows']:,} rows",
    ]
    steps = [*STEPS, *(step for step in seconds if step not in STEPS)]
    for step in steps:
        if step in seconds:
            lines.append(f"  {step:<14}{seconds[step]:>9.2f} s{share(seconds[step], total)}")
    lines.append(f"  {'everything':<14}{total:>9.2f} s")
    lines.append(f"  {'processor':<14}{figures['processor_seconds']:>9.2f} s")
    if figures["peak_mb"] is not None:
        lines.append(f"  {'peak memory':<14}{figures['peak_mb']:>9,.0f} MB")
    if "direct" in figures:
        lines += direct_lines(figures["direct"])
    return "\n".join(lines)


def share(part: float, total: float) -> str:
    return f"{part / total:>7.1%}"


def direct_lines(direct: dict[str, Any]) -> list[str]:
    """All arcs at once against pricing, as lines of text."""
    finished = direct["status"] == "optimal"
    ratio = direct["seconds_direct"] / direct["seconds_pricing"]
    atleast, about = ("", "") if finished else ("at least ", " (stopped by the time limit)")
    lines = [
        f"  all arcs at once{direct['seconds_direct']:>9.2f} s{about}, {direct['columns']:,} columns",
        f"  by pricing      {direct['seconds_pricing']:>9.2f} s, {atleast}{ratio:.1f} times as fast",
        f"  objectives differ by {direct['difference']:.1e} of their value",
    ]
    if direct["peak_mb"] is not None:
        lines.append(f"  peak memory     {direct['peak_mb']:>9,.0f} MB with all arcs at once")
    return lines


if __name__ == "__main__":
    sys.exit(main())
