"""`sufficiency check`: all that is wrong with a model and its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sufficiency.commands.endings import BAD_INPUT, DONE
from sufficiency.commands.options import folder_option, json_option, model_argument, scenario_option
from sufficiency.terminal import problems_as_json, progress_shown, say_problems, show, show_json


@click.command()
@model_argument
@scenario_option
@click.option("--strict", is_flag=True, help="Count warnings as errors: exit status 2.")
@click.option("--september", metavar="YEAR", type=int, help="Who stays, leaves and joins in each line that September.")
@folder_option("With --september: folder for its table, september.csv. Without it, no file is written.")
@click.option(
    "--map",
    "picture_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    default=None,
    help="Draw where children live more than 45 minutes from a suitable place: a .png or .svg file.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@json_option
def check(
    model: Path,
    scenario: str,
    strict: bool,
    september: int | None,
    folder: Path | None,
    picture_file: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Check a model and its tables, and list every problem.

    MODEL is the model file that names your tables. Each problem is listed with its file, row, column and a likely fix,
    including problems in scenarios. If the tables can be used, one screen shows places against children, and how many
    children live within 30, 45 and 60 minutes of a suitable place. With --september it shows each line of places
    instead: who is still there that September, who leaves, who joins if nothing more is decided, and what is vacant.

    \b
    Example:
      sufficiency check models/saltmere.toml
      sufficiency check models/saltmere.toml --september 2026 -o september
    """  # noqa: D301
    from sufficiency import api

    if folder is not None and september is None:
        raise click.BadParameter("this option needs --september YEAR", param_hint="'-o'")
    table: list[Any] | None = None
    with progress_shown(quiet) as progress:
        problems, picture = api.inspect(model, scenario, progress)
        if september is not None and picture is not None and not any(one.severity == "error" for one in problems):
            case = api.read(model, scenario, progress)
            view = api.september_view(case, september)
            picture, table = api.september_screen(case, view, september), view.to_dict("records")
            if folder is not None:
                picture += f"\n\nTable in {api.save_september(view, folder)} (opens in Excel)"
    wanted = picture is not None and (as_json or picture_file is not None)
    near = api.near(model, scenario, picture_file) if wanted else []
    worst = any(strict or problem.severity == "error" for problem in problems)
    say_problems(problems)
    if as_json:
        document = {"problems": problems_as_json(problems), "ok": not worst, "near": near}
        show_json(document if table is None else document | {"september": table})
    elif picture is not None:
        show(picture)
        if picture_file is not None:
            show(str(picture_file))
    return BAD_INPUT if worst else DONE
