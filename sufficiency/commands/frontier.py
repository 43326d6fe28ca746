"""`sufficiency frontier`: what fairer journeys cost."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE, STOPPED_EARLY
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option, scenario_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.problems import Problem
from sufficiency.standing import keys
from sufficiency.terminal import show, show_json


@click.command()
@model_argument
@scenario_option
@folder_option("Folder for the table and the picture. Default: results/MODEL/SCENARIO.frontier.")
@click.option(
    "--points", metavar="N", type=click.IntRange(2, 50), default=8, show_default=True, help="How many plans to make."
)
@quiet_option
@json_option
def frontier(model: Path, scenario: str, folder: Path | None, points: int, quiet: bool, as_json: bool) -> int:
    """Show what fairer journeys cost: plans from the cheapest to the fairest.

    Each plan is the cheapest under a limit on long journeys (the fairness rule of the model file). The result is a
    table, frontier.csv, and a picture.

    \b
    Example:
      sufficiency frontier models/saltmere.toml --points 6
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet, "the plans so far") as (progress, stop):
        plans, files = api.frontier_to_folder(model, scenario, folder, points, progress, warnings.extend, stop)
    say_warnings(warnings, quiet, model, scenario)
    if as_json:
        rows = plans.points.to_dict("records")
        show_json(
            {
                **keys(plans.standing),
                "points": rows,
                "missing": plans.missing,
                "kappa": plans.kappa,
                "files": [str(file) for file in files],
            }
        )
    else:
        show(api.frontier_screen(plans))
        show("\n" + "\n".join(str(file) for file in files))
    return STOPPED_EARLY if plans.missing else DONE
