"""A small council with a history: the toy model's areas and placements, and plans that its own rows tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

TOY = Path(__file__).resolve().parents[1] / "toy"
YEARS = range(2020, 2026)
BANDS = {"under 5": 20, "5 to 10": 120, "11 to 15": 130, "16 to 19": 70, "20 to 25": 20}


def band_history(years: Iterable[int] = YEARS, growth: float = 1.1) -> pd.DataFrame:
    """Authority totals by age band: the least a council has."""
    rows = [
        ("", "", band, year, round(plans * growth ** (year - 2020), 1))
        for year in years
        for band, plans in BANDS.items()
    ]
    return pd.DataFrame(rows, columns=["area", "need", "age_band", "year", "plans"])


def fine_history(years: Iterable[int] = YEARS) -> pd.DataFrame:
    """By area, need and year group."""
    rows = [
        (area, need, ncy, year, weight * (1 + 0.1 * (year - 2020)))
        for year in years
        for area, weight in (("N1", 2.0), ("N2", 1.0), ("S1", 3.0))
        for need in ("ASD", "SEMH", "SLCN")
        for ncy in range(15)
    ]
    return pd.DataFrame(rows, columns=["area", "need", "ncy", "year", "plans"])


def small_model(
    folder: Path, history: pd.DataFrame | None = None, section: str = "", tables: str = "", **frames: pd.DataFrame
) -> Path:
    """The toy model in `folder`, with a history and whatever else; `section` is TOML for [forecast], `tables` for
    [tables].
    """
    for file in TOY.iterdir():
        if file.suffix in {".csv", ".geojson", ".toml"}:
            shutil.copy(file, folder / file.name)
    text = (folder / "toy.toml").read_text(encoding="utf-8")
    for name, frame in ({} if history is None else {"history": history} | frames).items():
        frame.to_csv(folder / f"{name}.csv", index=False)
        tables += f'{name} = "{name}.csv"\n'
    text = text.replace("[phases]", f"{tables}\n[phases]", 1)
    if section or history is not None:
        text = text.replace("[travel]", f"[forecast]\npaths = 200\n{section}\n[travel]", 1)
    (folder / "toy.toml").write_text(text, encoding="utf-8")
    return folder / "toy.toml"
