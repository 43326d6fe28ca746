"""Saltmere in a few years and with few options: its names, tables and scenarios, at a small part of the work."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
YEARS = "years = [2026, 2035]"


def short_saltmere(folder: Path, last_year: int, options: tuple[str, ...]) -> Path:
    """A model in a copy of `models` and `data` in `folder` that plans to `last_year` and chooses from `options`."""
    for name in ("models", "data"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    model, table = folder / "models" / "saltmere.toml", folder / "data" / "saltmere" / "options.csv"
    text = model.read_text(encoding="utf-8")
    assert text.count(YEARS) == 1
    model.write_text(text.replace(YEARS, f"years = [2026, {last_year}]"), encoding="utf-8")
    header, *rows = table.read_text(encoding="utf-8").splitlines()
    chosen = [row for row in rows if row.split(",")[0] in options]
    assert len(chosen) == len(options)
    table.write_text("\n".join([header, *chosen, ""]), encoding="utf-8")
    return model
