"""`sufficiency check`: all that is wrong with a model and its tables."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import BAD_INPUT, DONE
from sufficiency.commands.options import json_option, model_argument, scenario_option
from sufficiency.terminal import problems_as_json, progress_shown, say_problems, show, show_json


@click.command()
@model_argument
@scenario_option
@click.option("--strict", is_flag=True, help="Count warnings as errors: exit status 2.")
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
def check(model: Path, scenario: str, strict: bool, quiet: bool, as_json: bool) -> int:
    """Check a model and its tables, and list every problem.

    MODEL is the model file that names your tables. Each problem is listed with its file, row, column and a likely fix,
    including problems in scenarios. If the tables can be used, one screen shows places against children.

    \b
    Example:
      sufficiency check models/saltmere.toml
    """  # noqa: D301
    from sufficiency import api

    with progress_shown(quiet) as progress:
        problems, picture = api.inspect(model, scenario, progress)
    worst = any(strict or problem.severity == "error" for problem in problems)
    say_problems(problems)
    if as_json:
        show_json({"problems": problems_as_json(problems), "ok": not worst})
    elif picture is not None:
        show(picture)
    return BAD_INPUT if worst else DONE
