"""A report of a result and of scenarios beside it, planned first where there are no results of the same inputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency import __version__
from sufficiency.api.planning import plan_to_folder, result_folder
from sufficiency.api.reading import read_cases
from sufficiency.api.solving import PENDING
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.problems import InputError, Problem, did_you_mean, shown
from sufficiency.progress import Progress, silent
from sufficiency.result import Result
from sufficiency.result.folder import (
    REPORT_FOLDER,
    load,
    load_tables,
    read_summary,
    refuse_unusable,
    refuse_unusable_inside,
    tables_of,
    version_of,
)
from sufficiency.result.summary import input_hashes
from sufficiency.result.swap import recover
from sufficiency.standing import ILLUSTRATIVE
from sufficiency.tables.origin import standing_of

if TYPE_CHECKING:
    from sufficiency.report.content.document import Content
    from sufficiency.report.content.returns import Returns
    from sufficiency.report.content.tables import Omitted, Planned, Table

TABLES_FOLDER = f"{REPORT_FOLDER}/tables"
COMPARED = ("measures", "deficit")
"""Tables of a scenario that figures beside those of the plan are read from."""


@dataclass(frozen=True)
class Material:
    """What a form is made of: all that the report says; the result, its case and the results of scenarios beside it;
    tables for people. `template`: of the paper, read and checked; None: the one shipped. `age`: which age the bands of
    returns are about; None: the one that each of DfE's forms asks for.
    """

    content: Content
    planned: Planned
    tables: Sequence[Table | Omitted]
    template: bytes | None = None
    age: str | None = None

    @cached_property
    def returns(self) -> Returns:
        """The returns to DfE."""
        from sufficiency.report.content.returns import returns_of

        return returns_of(self.planned, self.age)


@dataclass(frozen=True)
class Form:
    """A form of a report: its file, and what makes it."""

    file: str
    make: Callable[[Material], bytes]


@dataclass(frozen=True)
class ReportMade:
    """The forms written and `figures.json`, the result they show, and the scenarios that had to be planned first.
    `left_out`: why a form was not written, where the model does not allow it yet.
    """

    files: list[Path]
    result: Result
    planned: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def _page(material: Material) -> bytes:
    from sufficiency.report.page.render import page_of

    return page_of(material.content).encode()


def _workbook(material: Material) -> bytes:
    from sufficiency.report.content.words import plain
    from sufficiency.report.workbook import workbook_of

    content = material.content
    finds = [plain(words) for words in (content.finding, *content.more)]
    return workbook_of(material.planned, material.tables, finds)


def _paper(material: Material) -> bytes:
    from sufficiency.report.paper import docx_of

    return docx_of(material.content, material.template)


def _returns(material: Material) -> bytes:
    from sufficiency.report.returns import returns_workbook

    return returns_workbook(material.returns, material.planned)


PAPER, RETURNS = "paper", "returns"
FORMS: Mapping[str, Form] = {
    "page": Form("page.html", _page),
    "workbook": Form("workbook.xlsx", _workbook),
    PAPER: Form("cabinet-paper.docx", _paper),
    RETURNS: Form("returns.xlsx", _returns),
}
"""Forms of a report by name."""
NO_PAPER = (
    "the Cabinet paper is not written for a model that is illustrative, built from published data: put in the "
    "council’s own placements and places first"
)


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
    short, is planned again. `template`: a .docx in the look of the council, for the paper. `age`: `turned` or
    `start`, for the age bands of returns.

    The paper is left out where the model is illustrative. Raises InputError that lists every problem of every scenario,
    or of the template, before anything is planned or written; and where the paper alone is asked for and left out.
    """
    forms = _forms(only)
    look = None if template is None else _read_template(template, forms)
    if age is not None:
        _check_age(age, forms)
    cases = read_cases(path, [BASE, *scenarios], progress)
    left_out = (NO_PAPER,) if PAPER in forms and standing_of(cases[BASE].model) is ILLUSTRATIVE else ()
    forms = tuple(name for name in forms if not left_out or name != PAPER)
    if not forms:
        raise InputError([Problem(NO_PAPER, file=str(path))])
    folders = {name: (folder if name == BASE and folder else result_folder(path, name)) for name in cases}
    planned = tuple(name for name, case in cases.items() if not _matches(folders[name], case))
    for name in planned:
        refuse_unusable(folders[name])
    for inside in (REPORT_FOLDER, TABLES_FOLDER):
        refuse_unusable_inside(folders[BASE], inside)
    refuse_unusable_inside(folders[BASE] / REPORT_FOLDER, RETURNS)
    if warn is not None:
        warn(cases[BASE].warnings)
    for name in planned:
        own = folder if name == BASE else None
        plan_to_folder(path, name, own, progress=progress, appraise=name == BASE, stop=stop)
    progress("Report", ", ".join(forms))
    result = load(folders[BASE], whole=True)
    files, tables = _made(result, cases, folders, forms, look, age)
    from sufficiency.report.files import drop_others, put_all

    put_all(tables | files)
    drop_others(folders[BASE] / TABLES_FOLDER, tables)
    return ReportMade(list(files), result, planned, left_out)


def _forms(only: Sequence[str] | None) -> tuple[str, ...]:
    unknown = [name for name in only or () if name not in FORMS]
    if unknown:
        raise InputError(
            [
                Problem(
                    f"{shown(name)} is no form of a report; there is {', '.join(FORMS)}", fix=did_you_mean(name, FORMS)
                )
                for name in unknown
            ]
        )
    return tuple(name for name in FORMS if not only or name in only)


def _read_template(template: Path, forms: Sequence[str]) -> bytes:
    from sufficiency.report.paper import read_template

    if PAPER not in forms:
        raise InputError(
            [
                Problem(
                    "a template is for the paper, which is not asked for", fix=f"add {PAPER} to --only, or leave it out"
                )
            ]
        )
    return read_template(template)


def _check_age(age: str, forms: Sequence[str]) -> None:
    from sufficiency.report.content.returns import AGES

    if age not in AGES:
        what = f"{shown(age)} is no way to count ages; there is {', '.join(AGES)}"
        raise InputError([Problem(what, fix=did_you_mean(age, AGES))])
    if RETURNS not in forms:
        what = "an age is for the returns, which are not asked for"
        raise InputError([Problem(what, fix=f"add {RETURNS} to --only, or leave it out")])


def _matches(folder: Path, case: Case) -> bool:
    """Whether a folder holds the whole result of these inputs and this scenario, made by this version."""
    recover(folder)
    summary = read_summary(folder)
    if summary is None or (case.scenario == BASE and summary.get("appraisal") == PENDING):
        return False
    if not all((folder / f"{name}.csv").is_file() for name in tables_of(summary)):
        return False
    same = summary.get("scenario") == case.scenario and summary.get("inputs") == input_hashes(case)
    return same and version_of(summary) == __version__


def _made(
    result: Result,
    cases: Mapping[str, Case],
    folders: Mapping[str, Path],
    forms: Sequence[str],
    template: bytes | None,
    age: str | None,
) -> tuple[dict[Path, bytes], dict[Path, bytes]]:
    """The files of a report, and its tables as CSV, with what is in them."""
    from sufficiency.report.content.as_json import figures_json
    from sufficiency.report.content.document import Beside, content_of
    from sufficiency.report.content.tables import Planned, Table, tables_of
    from sufficiency.report.content.tables.cells import cell_figures, table_csv

    here = folders[BASE]
    others = {name: load_tables(folders[name], COMPARED, whole=True) for name in cases if name != BASE}
    beside = {name: Beside(other, _relative_path(here, folders[name])) for name, other in others.items()}
    planned = Planned(result, cases[BASE], others)
    material = Material(content_of(result, cases[BASE].model, beside), planned, tables_of(planned), template, age)
    shown = [table for table in material.tables if isinstance(table, Table)]
    figures = [material.content.figures, *(cell_figures(table) for table in shown)]
    report = here / REPORT_FOLDER
    files = {report / FORMS[name].file: FORMS[name].make(material) for name in forms}
    if RETURNS in forms:
        from sufficiency.report.returns import returns_files

        files |= {report / RETURNS / name: content for name, content in returns_files(material.returns).items()}
        figures.append(material.returns.figures())
    files[report / "figures.json"] = figures_json(chain(*figures))
    return files, {here / TABLES_FOLDER / f"{table.code}.csv": table_csv(table) for table in shown}


def _relative_path(here: Path, there: Path) -> str:
    """Where a folder is as seen from another; in full where it is on another drive."""
    try:
        return Path(os.path.relpath(there, here)).as_posix()
    except ValueError:
        return there.resolve().as_posix()
