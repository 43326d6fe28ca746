"""`sufficiency report`: a result as people look at it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sufficiency.commands.endings import exit_status
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.parameters import OneOf
from sufficiency.problems import Problem
from sufficiency.terminal import show, show_json

REPORT_FORMS = ("page", "workbook", "paper", "returns")
AGES = ("turned", "start")
METHODS = ("rounding", "suppression")


@click.command()
@model_argument
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1)
@folder_option("The folder of the model's own result. Default: results/MODEL/base.")
@click.option(
    "--only",
    metavar="FORM",
    type=OneOf(REPORT_FORMS),
    multiple=True,
    help=f"{', '.join(REPORT_FORMS)}. Default: all.",
)
@click.option(
    "--publish",
    is_flag=True,
    help="Write what may be published into published/ instead: numbers of children are rounded, and what can be "
    "worked out from them is checked. Nothing is written if something is given away.",
)
@click.option(
    "--method",
    metavar="METHOD",
    type=OneOf(METHODS),
    help="With --publish: rounding (the default), or suppression, which hides small numbers and as few others as it "
    "must.",
)
@click.option(
    "--since",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With --publish: an earlier release; what both together give away is checked too.",
)
@click.option(
    "--template",
    metavar="FILE.docx",
    type=click.Path(path_type=Path),
    help="A Word document in the council's look, for the paper; without it, the one that comes with the program.",
)
@click.option(
    "--age",
    metavar="AGE",
    type=OneOf(AGES),
    help="The age that the age bands of returns are about: turned, the age a child turns in the academic year, or "
    "start, the age at its start. Without it, turned in the Local SEND Reform Plan and start in the DSG plan, as DfE "
    "asks.",
)
@quiet_option
@json_option
def report(
    model: Path,
    scenarios: tuple[str, ...],
    folder: Path | None,
    only: tuple[str, ...],
    publish: bool,
    method: str | None,
    since: Path | None,
    template: Path | None,
    age: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Write the plan as a web page to open, send and print, as a workbook, as a draft Cabinet paper and as DfE's
    returns.

    page.html is one file that needs no network: what the plan finds, a map, charts with their tables, what opens, how
    sure it is, and what it rests on. workbook.xlsx holds the tables behind it, to sort and copy.
    cabinet-paper.docx drafts a report to Cabinet, weighs options that are planned first (do minimum, bases first,
    special schools first, early help), and leaves officers' statements to officers. returns.xlsx has the tables that
    DfE asks for, and returns/ each of them as CSV. Each SCENARIO stands beside the plan. figures.json says from which
    cell of which table every figure comes. All go into the folder report/ of the result. If there is no result of the
    same tables, the plan is made first.

    \b
    Example:
      sufficiency report models/saltmere.toml free-school-late ap-halved
    """  # noqa: D301
    from sufficiency import api

    names = [word for text in only for word in text.split(",")] or None
    if publish and (age or "returns" in (names or ())):
        raise click.UsageError("--publish writes no returns: they go to DfE, unrounded")
    if publish:
        return _publish(model, scenarios, folder, method or METHODS[0], since, names, template, quiet, as_json)
    if method or since:
        raise click.UsageError("--method and --since need --publish")
    warnings: list[Problem] = []
    with stoppable(quiet) as (progress, stop):
        made = api.report_to_folder(
            model,
            scenarios,
            folder,
            only=names,
            progress=progress,
            warn=warnings.extend,
            stop=stop,
            template=template,
            age=age,
        )
    say_warnings(warnings, quiet, model, "base")
    if as_json:
        data = {key: made.result.summary.get(key) for key in ("fictional", "illustrative", "data")}
        show_json(
            {
                **data,
                "files": [str(file) for file in made.files],
                "planned": list(made.planned),
                "left_out": list(made.left_out),
            }
        )
        return exit_status(made.result)
    if made.planned:
        show(f"There was no result for these tables, so the plan was made first: {', '.join(made.planned)}.")
    for why in made.left_out:
        show(f"Left out: {why}.")
    show("\n".join(_listed(made.files)))
    return exit_status(made.result)


def _listed(files: Sequence[Path]) -> list[str]:
    """Files by name, and the many tables of returns as the folder they are in."""
    tables = [file for file in files if file.parent.name == "returns"]
    others = [str(file) for file in files if file not in tables]
    return [*others, *([f"{tables[0].parent} ({len(tables)} tables as CSV)"] if tables else [])]


def _publish(
    model: Path,
    scenarios: tuple[str, ...],
    folder: Path | None,
    method: str,
    since: Path | None,
    forms: list[str] | None,
    template: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet) as (progress, stop):
        made = api.publish_to_folder(
            model,
            ("base", *scenarios),
            folder,
            method=method,
            since=since,
            only=forms,
            template=template,
            progress=progress,
            warn=warnings.extend,
            stop=stop,
        )
    say_warnings(warnings, quiet, model, "base")
    audit = made.audit
    if as_json:
        show_json(
            {
                "folder": str(made.folder),
                "cells": audit.cells,
                "least_width": audit.least_width,
                "planned": list(made.planned),
                "left_out": list(made.left_out),
            }
        )
        return 0
    if made.planned:
        show(f"There was no result of these tables, so the plan was made first: {', '.join(made.planned)}.")
    for why in made.left_out:
        show(f"Left out: {why}.")
    show(str(made.folder))
    show(
        f"{audit.cells:,} small numbers of children are protected: nobody can tell any of them to less than a range of "
        f"{audit.least_width:g}."
    )
    return 0
