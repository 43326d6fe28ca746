"""Write docs/contributing-readings.md from tests/broken: `python docs/make_readings.py`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BROKEN = ROOT / "tests" / "broken"
PAGE = ROOT / "docs" / "contributing-readings.md"
READERS = ("CSV", "workbook", "layer", "Parquet", "history", "other tools")

INTRO = """# How tables go wrong

Each row is a kind of mistake that people and programs make; each column is a way in which a table reaches the tool. A
cell links the small broken models in [tests/broken](../tests/broken) that show it, each with the one message it must
give; else it says why it cannot occur there. `tests/tables/test_broken.py` reads every one. This page is made by
`python docs/make_readings.py`: a new fault names its `kind`, and the `readers` that say the same of its table.

Three rules hold for every message. A fix that could be wrong is not offered: the message says what may have happened
instead. Codes made of digits are never guessed by likeness. Nothing is said that is only true because of another
mistake.

*history* is the history of plans that `forecast` reads; *other tools* are the state files of Witan SEND. A history
may be a workbook or a Parquet file too: it is read by the same readers as the other tables.
"""

SHEET_ONLY = "cannot occur: only a sheet has them"
IN_SHEETS = "as workbook: the same reader"
CANNOT: dict[str, dict[str, str]] = {
    "a column with our name and another meaning": {
        "history": "cannot occur: it has no localities",
        "other tools": "cannot occur: its columns are found by its own names",
    },
    "merged cells": dict.fromkeys(("CSV", "layer", "Parquet", "other tools"), SHEET_ONLY) | {"history": IN_SHEETS},
    "hidden sheets, rows and columns": dict.fromkeys(("CSV", "layer", "Parquet", "other tools"), SHEET_ONLY)
    | {"history": IN_SHEETS},
    "title rows above the headings": {
        "layer": "cannot occur: names are kept apart from rows",
        "Parquet": "cannot occur: names are kept apart from rows",
        "other tools": "cannot occur: a program writes the file",
    },
    "headings below or among the rows": {"other tools": "cannot occur: a program writes the file"},
    "rows of totals and notes": {"other tools": "cannot occur: a program writes the file"},
    "years across the columns": {"other tools": "cannot occur: a program writes the file"},
    "nearest-name guesses for codes made of digits": {
        "other tools": "cannot occur: it has no codes of areas or schools"
    },
    "columns that say who a child is": {"other tools": "cannot occur: only columns of numbers and codes are kept"},
    "columns cut to ten letters": {"other tools": "cannot occur: never a shapefile"},
    "words that may mean several things": {"other tools": "as codes of other tools"},
    "what Excel makes of what is typed": {"other tools": "cannot occur: nobody types it"},
    "sheets and tables to choose from": {
        "history": IN_SHEETS,
        "other tools": "cannot occur: one table a file",
    },
    "what changes nothing, or takes long": dict.fromkeys(READERS[1:], "cannot occur: it is said of the model"),
}
"""Why a kind of mistake cannot occur in a reader."""


def faults() -> list[tuple[Path, dict[str, Any]]]:
    """The faults that name their kind, in order."""
    read = [(path, tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(BROKEN.glob("*.toml"))]
    return [(path, fault) for path, fault in read if "kind" in fault]


def readers_of(fault: dict[str, Any]) -> list[str]:
    """The columns of the table in which a fault stands."""
    if fault.get("command") == "forecast":
        return ["other tools" if fault["message"].startswith("state.csv") else "history"]
    return ["workbook" if ".xlsx" in fault["message"] else "CSV", *fault.get("readers", [])]


def table() -> dict[str, dict[str, str]]:
    """The cells by kind and reader; blank where nothing is known."""
    cells: dict[str, dict[str, list[str]]] = {}
    for path, fault in faults():
        row = cells.setdefault(fault["kind"], {reader: [] for reader in READERS})
        for reader in readers_of(fault):
            row[reader].append(f"[{path.stem[:3]}](../tests/broken/{path.name})")
    return {
        kind: {reader: ", ".join(links) or CANNOT.get(kind, {}).get(reader, "") for reader, links in row.items()}
        for kind, row in cells.items()
    }


def page() -> str:
    """The whole page."""
    lines = [INTRO, f"| kind | {' | '.join(READERS)} |", "|---" * (len(READERS) + 1) + "|"]
    lines += [f"| {kind} | {' | '.join(row[reader] for reader in READERS)} |" for kind, row in table().items()]
    lines += ["", "## The messages", "", "| file | what is wrong | what is said |", "|---|---|---|"]
    for path, fault in faults():
        said = fault["message"].replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| [{path.stem[:3]}](../tests/broken/{path.name}) | {fault['about']} | {said} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
