"""Files of other teams joined to a model: a report in a folder, and the tables that follow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency.api.reading import read
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class JoinMade:
    """The folder of the report, its tables `rows` and `differences`, the kinds of file `missing`, the `tables` of the
    model written, `notes`, and the `screen`.
    """

    folder: Path
    rows: pd.DataFrame
    differences: pd.DataFrame
    missing: tuple[str, ...]
    tables: tuple[Path, ...]
    notes: tuple[Problem, ...]
    screen: str


def join_to_folder(
    path: str | Path, files: str | Path, folder: Path | None = None, progress: Progress = silent
) -> JoinMade:
    """Set the finance export, the transport routes and the place numbers that are in a folder against a model.

    Writes `joined.csv` and `differences.csv` into `folder` (default `results/<model>.join`), and the tables with what
    follows from the files beside the model's own. Raises InputError with every problem of the model, or of the files,
    before anything is written.
    """
    from sufficiency.result.study import refuse_unusable_study, saved_study
    from sufficiency.result.swap import real
    from sufficiency.starter.joining.join import join
    from sufficiency.starter.joining.places import knows_all_places
    from sufficiency.starter.joining.words import joined_words
    from sufficiency.starter.joining.write import put_tables

    target = folder or Path("results") / f"{Path(path).stem}.join"
    refuse_unusable_study(target, "joined", ("differences",))
    case = read(path, progress=progress)
    joined = join(case, Path(files), real(target), progress)
    whole = dict.fromkeys(joined.edited, True) | {"places": knows_all_places(case, joined.rows)}
    with saved_study(target, "joined", joined.rows, {"differences": joined.differences}):
        tables, faults = put_tables(case, joined.edited, whole)
    screen = f"{joined_words(case.model.name, joined, tables)}\nEvery row is in {target / 'joined.csv'}."
    notes = (*joined.notes, *faults)
    return JoinMade(target, joined.rows, joined.differences, joined.missing, tuple(tables), notes, screen)


__all__ = ["JoinMade", "join_to_folder"]
