"""A comparison on disk: its tables in a folder, and the result of each scenario in a folder of its own inside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from sufficiency.problems import InputError, Problem
from sufficiency.result.folder import plain, refuse_unusable
from sufficiency.result.measures import KEYS
from sufficiency.result.swap import is_litter, is_written, real
from sufficiency.result.written import write_csv
from sufficiency.studies.compare import Comparison
from sufficiency.tables.schema.columns import Column, TableSpec
from sufficiency.tables.schema.studies import COMPARISONS

SUMMARY = "comparison.json"
FILES = frozenset({SUMMARY, "comparison_wide.csv", *(f"{name}.csv" for name in COMPARISONS)})


def refuse_unusable_comparison(folder: Path, scenarios: Sequence[str]) -> None:
    """Raise InputError, before anything is solved, unless `folder` is absent, empty, or holds only results,
    forecasts, studies and an earlier comparison; and unless each scenario's folder in it can be used. A result that
    `plan` made there is no part of a comparison, and is not replaced by one.
    """
    folder = real(folder)
    if folder.is_dir():
        inside = sorted(item for item in folder.iterdir() if not is_litter(item))
        strange = [item.name for item in inside if item.name not in FILES and not is_written(item)]
        if strange:
            what = f"this folder holds what is neither a comparison nor a result: {', '.join(strange[:3])}"
            raise InputError([Problem(what, str(folder), fix="choose another folder with -o")])
    for name in scenarios:
        refuse_unusable(folder / name)
        if (folder / name).is_dir() and not (folder / SUMMARY).is_file():
            what, fix = "a comparison would replace the plan that is here", "choose another folder with -o"
            raise InputError([Problem(what, str(folder / name), fix=fix)])


def save_comparison(comparison: Comparison, folder: Path, document: dict[str, object]) -> None:
    """Write `comparison.csv`, `comparison_wide.csv`, `comparison_moves.csv` and `comparison.json`; each whole or not
    at all.
    """
    columns = [*KEYS, *comparison.scenarios]
    wide = TableSpec(
        "comparison_wide",
        "Scenarios side by side, a column a scenario",
        tuple(Column(name, "year" if name == "year" else "text" if name in KEYS else "number", "") for name in columns),
    )
    folder.mkdir(parents=True, exist_ok=True)
    tables = ((comparison.figures, COMPARISONS["comparison"]), (comparison.moves, COMPARISONS["comparison_moves"]))
    for frame, spec in (*tables, (comparison.wide, wide)):
        new = folder / f".{spec.name}.csv.new"
        write_csv(frame, spec, new)
        _put(new, folder / f"{spec.name}.csv")
    new = folder / f".{SUMMARY}.new"
    text = json.dumps(plain(document), ensure_ascii=False, indent=2, allow_nan=False)
    new.write_text(text + "\n", encoding="utf-8", newline="\n")
    _put(new, folder / SUMMARY)


def _put(new: Path, file: Path) -> None:
    try:
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        what = f"this file cannot be replaced: {error.strerror or error}"
        raise InputError([Problem(what, str(file), fix="close it where it is open, and run again")]) from None
