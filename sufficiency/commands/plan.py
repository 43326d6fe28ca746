"""`sufficiency plan`: the cheapest plan, proven and saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sufficiency.commands.endings import exit_status
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option, scenario_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.problems import Problem
from sufficiency.terminal import show, show_json


@click.command()
@model_argument
@scenario_option
@folder_option("Folder for the result. Default: results/MODEL/SCENARIO.")
@click.option("--parquet", is_flag=True, help="Write every table as Parquet too.")
@click.option("--direct", is_flag=True, help="Solve in one piece, as a check: slower, with the same plan.")
@click.option(
    "--no-appraisal", is_flag=True, help="Do not work out what each option saves, or the next-best programmes."
)
@click.option(
    "--against",
    metavar="RESULT",
    type=click.Path(path_type=Path),
    help="The folder of an older plan: shows why the base year differs from that plan.",
)
@click.option("--detail", is_flag=True, help="Show every block of the screen after the headline.")
@quiet_option
@json_option
def plan(
    model: Path,
    scenario: str,
    folder: Path | None,
    parquet: bool,
    direct: bool,
    no_appraisal: bool,
    against: Path | None,
    detail: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Find the cheapest plan of places, prove it, and save it.

    The screen shows the headline: children and places, money, what opens and what is short. With --detail it also
    shows budget lines, types of setting, what each option saves, policy rules, place values and all warnings.

    The result is a folder: CSV tables that open in Excel, a map file (plan.gpkg) that opens in QGIS, and summary.json.
    An earlier result there is replaced once the new one is whole. Ctrl-C while it solves saves the best plan so far
    (exit status 3); pressed again it stops at once and saves nothing (130). What each option saves is worked out after
    the plan is saved and shown, and is then added to it; Ctrl-C during that leaves the saved plan as it is.

    \b
    Example:
      sufficiency plan models/saltmere.toml --scenario free-school-late
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    shown: list[bool] = []

    def show_plan(result: Any, saved: Path) -> None:
        show(api.screen(result, detail=detail))
        show(f"\nResults in {saved} (open plan.gpkg in QGIS, the CSV files in Excel)")

    def first(result: Any, saved: Path) -> None:
        say_warnings(warnings, quiet, model, scenario)
        warnings.clear()
        if not as_json:
            shown.append(True)
            show_plan(result, saved)

    with stoppable(quiet) as (progress, stop):
        result, saved = api.plan_to_folder(
            model,
            scenario,
            folder,
            parquet=parquet,
            progress=progress,
            direct=direct,
            appraise=not no_appraisal,
            warn=warnings.extend,
            stop=stop,
            first=first,
            against=against,
        )
    say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({**result.summary, "folder": str(saved)})
    elif shown:
        show(f"\n{api.appraisal_screen(result, detail=detail)}")
    else:
        show_plan(result, saved)
    return exit_status(result)
