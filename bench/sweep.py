"""Draws a minute of a sweep of Saltmere, beside how long its plan takes: `python bench/sweep.py [DRAWS] [WORKERS]`.

Both from the command line, in the same run, so that what else the machine does weighs on both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "saltmere.toml"


def timed(*words: str) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "cli.py", *words, "--quiet"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def main(draws: int, workers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plan = timed("plan", str(MODEL), "--no-appraisal", "-o", f"{folder}/plan")
        print(f"plan --no-appraisal: {plan:.0f} s")
        one = timed("sweep", str(MODEL), "--draws", "1", "--workers", "1", "-o", f"{folder}/one")
        many = timed("sweep", str(MODEL), "--draws", str(draws), "--workers", str(workers), "-o", f"{folder}/many")
        said = json.loads((Path(folder) / "many" / "sweep.json").read_text(encoding="utf-8"))
    print(f"sweep of 1 draw: {one:.0f} s; of {draws} on {workers} workers: {many:.0f} s, {said['status']}")
    further = (many - one) / (draws - 1)
    print(f"{60 / further:.1f} draws a minute after the base plan; {plan / further:.1f} in the time of a plan")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [20, 2][len(given) :]))
