"""Whether comparing scenarios in one process takes less time than planning each on its own.

    python bench/compare.py                                         # all scenarios of Saltmere
    python bench/compare.py models/saltmere.toml free-school-late   # the model and one scenario

Every run is a process of its own and writes to a folder of its own; `bench/README.md` says what is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Time the separate runs, then the comparison, and print the ratio; status 1 where it is not under 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=ROOT / "models" / "saltmere.toml")
    parser.add_argument("scenarios", nargs="*", help="all of the model where none is named")
    asked = parser.parse_args()
    every = tomllib.loads(asked.model.read_text(encoding="utf-8"))["scenarios"]
    names = ["base", *(asked.scenarios or every)]
    with tempfile.TemporaryDirectory() as folder:
        apart = 0.0
        for name in names:
            seconds, used = timed("plan", asked.model, "--scenario", name, "-o", Path(folder) / "apart" / name)
            apart += used
            print(f"plan {name:<24}{seconds:8.1f} s by the clock{used:8.1f} s of processor", flush=True)
        seconds, together = timed("compare", asked.model, *names[1:], "-o", Path(folder) / "together")
    print(f"compare {'':<21}{seconds:8.1f} s by the clock{together:8.1f} s of processor")
    print(f"separate runs {'':<15}{'':>8}               {apart:8.1f} s of processor")
    print(f"compare ÷ separate runs: {together / apart:.2f}")
    return 0 if together < apart else 1


def timed(*words: object) -> tuple[float, float]:
    """Seconds by the clock and of processor time (all threads) that a command takes."""
    before, started = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "sufficiency", *(str(word) for word in words), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, used


if __name__ == "__main__":
    sys.exit(main())
