"""A report of a result and of scenarios beside it, planned first where there are no results of the same inputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from sufficiency.api.courses import Course, courses_of, own_courses, planned_courses, refuse_unusable_courses
from sufficiency.api.matching import holds_result_of
from sufficiency.api.planning import plan_to_folder, result_folder
from sufficiency.api.reading import read_cases
from sufficiency.api.report_forms import (
    COMPARED,
    FORMS,
    NO_PAPER,
    PAPER,
    RETURNS,
    Material,
    forms_asked,
    paper_allowed,
    read_look,
    refuse_age,
)
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.model_file import read_model
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.folder import (
    REPORT_FOLDER,
    load,
    load_tables,
    read_summary,
    refuse_unusable,
    refuse_unusable_inside,
)

TABLES_FOLDER = f"{REPORT_FOLDER}/tables"
WEIGHED = (*COMPARED, "impact", "spend_financial", "programme", "bases_first", "occupancy")
"""Tables of an option that the paper weighs."""


@dataclass(frozen=True)
class ReportMade:
    """The forms written and `figures.json`, the result they show, and the scenarios that had to be planned first.
    `left_out`: why a form was not written, where the model does not allow it yet.
    """

    files: list[Path]
    result: Result
    planned: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def report_to_folder(
    path: str | Path,
    scenarios: Sequence[str] = (),
    folder: Path | None = None,
    only: Sequence[str] | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
    template: Path | None = None,
    age: str | None = None,
) -> ReportMade:
    """Write the report of a model, with `scenarios` beside it, into `report` of the result's folder: each of the forms
    in `only` (none: all), `figures.json`, and the tables for people as CSV, which it names. Results of scenarios lie in
    `results/<model>/<scenario>`, whatever `folder` is. A result whose inputs have changed, or whose appraisal was cut
    short, is planned again. `template`: a .docx in the look of the council, for the paper, which also has the options
    of `courses_of` planned: each in the solver's seconds, those left over once `stop` is asked for. `age`: `turned` or
    `start`, for the age bands of returns.

    The paper is left out where the model is illustrative. Raises InputError that lists every problem of every scenario,
    or of the template, before anything is planned or written; and where the paper alone is asked for and left out.
    """
    forms = forms_asked(only)
    look = None if template is None else read_look(template, forms)
    if age is not None:
        refuse_age(age, forms)
    of_paper = own_courses(read_model(path)) if PAPER in forms else {}
    cases = read_cases(path, [BASE, *scenarios, *of_paper.values()], progress)
    left_out = (NO_PAPER,) if PAPER in forms and not paper_allowed(cases[BASE].model) else ()
    forms = tuple(name for name in forms if not left_out or name != PAPER)
    if not forms:
        raise InputError([Problem(NO_PAPER, file=str(path))])
    asked = {name: case for name, case in cases.items() if name == BASE or name in scenarios}
    folders = {name: (folder if name == BASE and folder else result_folder(path, name)) for name in asked}
    planned = tuple(name for name, case in asked.items() if not holds_result_of(folders[name], case))
    courses: Sequence[Course] = courses_of(cases) if PAPER in forms else ()
    place = partial(result_folder, path)
    for name in planned:
        refuse_unusable(folders[name])
    refuse_unusable_courses(Path(path), courses, place, _finished)
    for inside in (REPORT_FOLDER, TABLES_FOLDER):
        refuse_unusable_inside(folders[BASE], inside)
    refuse_unusable_inside(folders[BASE] / REPORT_FOLDER, RETURNS)
    if warn is not None:
        warn(cases[BASE].warnings)
    for name in planned:
        own = folder if name == BASE else None
        plan_to_folder(path, name, own, progress=progress, appraise=name == BASE, stop=stop)
    courses, more = planned_courses(courses, place, _finished, progress, stop)
    progress("Report", ", ".join(forms))
    result = load(folders[BASE], whole=True)
    files, tables = _made(result, asked, folders, [(one, place(one.scenario)) for one in courses], forms, look, age)
    from sufficiency.report.files import drop_others, put_all

    put_all(tables | files)
    drop_others(folders[BASE] / TABLES_FOLDER, tables)
    return ReportMade(list(files), result, (*planned, *more), left_out)


def _finished(folder: Path, case: Case) -> bool:
    """Whether a folder holds the result of a case, and nobody interrupted it."""
    return holds_result_of(folder, case) and not (read_summary(folder) or {}).get("interrupted", False)


def _made(
    result: Result,
    cases: Mapping[str, Case],
    folders: Mapping[str, Path],
    courses: Sequence[tuple[Course, Path]],
    forms: Sequence[str],
    template: bytes | None,
    age: str | None,
) -> tuple[dict[Path, bytes], dict[Path, bytes]]:
    """The files of a report, and its tables as CSV, with what is in them."""
    from sufficiency.report.content.as_json import figures_json, workings_csv
    from sufficiency.report.content.beside import Beside, Weighed
    from sufficiency.report.content.document import content_of
    from sufficiency.report.content.tables import Planned, Table, tables_of
    from sufficiency.report.content.tables.cells import cell_figures, table_csv
    from sufficiency.report.content.workings import FILE as WORKINGS

    here = folders[BASE]
    others = {name: load_tables(folders[name], COMPARED, whole=True) for name in cases if name != BASE}
    beside = {name: Beside(other, _relative_path(here, folders[name])) for name, other in others.items()}
    weighed = [
        Weighed(
            one.key,
            one.scenario,
            None if one.case is None else Beside(load_tables(there, WEIGHED, whole=True), _relative_path(here, there)),
            one.why_not,
        )
        for one, there in courses
    ]
    planned = Planned(result, cases[BASE], others)
    content = content_of(result, cases[BASE].model, beside, weighed)
    material = Material(content, planned, tables_of(planned), template, age)
    shown = [table for table in material.tables if isinstance(table, Table)]
    said = [one for one in content.figures if PAPER in forms or one.table != WORKINGS]
    figures = [said, *(cell_figures(table) for table in shown)]
    report = here / REPORT_FOLDER
    files = {report / FORMS[name].file: FORMS[name].make(material) for name in forms}
    if PAPER in forms:
        files[report / "workings.csv"] = workings_csv(content.workings)
    if RETURNS in forms:
        from sufficiency.report.returns import returns_files

        files |= {report / RETURNS / name: table for name, table in returns_files(material.returns).items()}
        figures.append(material.returns.figures())
    files[report / "figures.json"] = figures_json(chain(*figures))
    return files, {here / TABLES_FOLDER / f"{table.code}.csv": table_csv(table) for table in shown}


def _relative_path(here: Path, there: Path) -> str:
    """Where a folder is as seen from another; in full where it is on another drive."""
    try:
        return Path(os.path.relpath(there, here)).as_posix()
    except ValueError:
        return there.resolve().as_posix()
