"""Empty tables with the headers of the catalogue, the model file that names them, and what each column means."""

from __future__ import annotations

import csv
from pathlib import Path

from sufficiency.tables.schema import INPUTS, TableSpec

NAME = "my-area"
NEEDED = ("areas", "demand", "settings", "places", "costs")


def write_template(folder: Path, template: str) -> None:
    """Write `models/my-area.toml` and its empty tables: CSV files, or one workbook."""
    data = folder / "data" / NAME
    data.mkdir(parents=True)
    (folder / "models").mkdir()
    if template == "xlsx":
        from sufficiency.starter.workbook import write_workbook

        write_workbook(data / "tables.xlsx")
        paths = {name: f"../data/{NAME}/tables.xlsx#{name}" for name in INPUTS}
    else:
        for spec in INPUTS.values():
            _write_header(spec, data / f"{spec.name}.csv")
        paths = {name: f"../data/{NAME}/{name}.csv" for name in INPUTS}
    _write_text(folder / "models" / f"{NAME}.toml", _model_file(paths))
    _write_text(data / "README.md", _columns_explained())


def _write_header(spec: TableSpec, file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerow(spec.names)


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _model_file(paths: dict[str, str]) -> str:
    needed = "\n".join(f'{name} = "{path}"' for name, path in paths.items() if name in NEEDED)
    optional = "\n".join(f'# {name} = "{path}"' for name, path in paths.items() if name not in NEEDED)
    return f"""\
# A model file. Fill in the tables it names (data/{NAME}/README.md says what each column means), then:
#
#   sufficiency check models/{NAME}.toml
#
# Everything not said here has a default. A year is the September in which an academic year starts: 2026 means 2026/27.

name = "My area"
base_year = 2025                    # the last year whose placements are known
years = [2026, 2035]                # first and last year of the plan; the first follows base_year

[tables]                            # paths are relative to this file
{needed}
# Optional. Take away the # once the table has rows.
{optional}

[phases]                            # first and last national curriculum year; Reception is 0
early_years = [-4, -1]
primary = [0, 6]
secondary = [7, 11]
post_16 = [12, 14]
post_19 = [15, 20]
"""


def _columns_explained() -> str:
    parts = [
        "# The tables\n\n"
        "Column names are fixed; further columns are kept and ignored. Codes are case-insensitive. Money is pounds,\n"
        "distance km, time minutes one way, x and y metres on the British National Grid.\n"
    ]
    for spec in INPUTS.values():
        rows = [f"| `{c.name}` | {'yes' if c.required else ''} | {c.meaning} | {c.unit} |" for c in spec.columns]
        needed = "" if spec.name in NEEDED else " (optional)"
        parts.append(
            f"## {spec.name}{needed}\n\n{spec.meaning}.\n\n"
            "| column | required | meaning | unit |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    parts.append(
        "Areas may be any layer that GIS software writes, polygons or points: name it in the model file instead.\n"
        "Of `x, y`, `latitude, longitude` and a layer's own points, a setting needs one.\n"
    )
    return "\n".join(parts)
