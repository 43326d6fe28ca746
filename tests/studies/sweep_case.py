"""The toy with a range of demand and a `[sweep]` section, as files: for tests of sweeps."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

TOY = Path(__file__).parent.parent / "toy"
VARIED = """
[sweep]
draws = 8
seed = 3
inflation = { independent = [0.03, 0.09] }
fees = { independent = [0.9, 1.2] }
slips = { "QB+" = { chance = 0.4, years = 1 } }
scenarios = [["base", "late"]]
"""


def swept_toy(folder: Path, section: str = VARIED, ranged: bool = True) -> Path:
    """The model file, written in `folder` with its tables; `ranged`: low and high a tenth below and above."""
    model = folder / "toy"
    shutil.copytree(TOY, model, ignore=shutil.ignore_patterns("make.py", "__pycache__"))
    if ranged:
        demand = pd.read_csv(model / "demand.csv")
        demand = demand.assign(low=demand["children"] * 0.9, high=demand["children"] * 1.2)
        demand.to_csv(model / "demand.csv", index=False)
    file = model / "toy.toml"
    file.write_text(file.read_text(encoding="utf-8") + section, encoding="utf-8")
    return file
