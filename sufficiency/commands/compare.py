"""`sufficiency compare`: scenarios side by side."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import STOPPED_EARLY, exit_status
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.problems import Problem
from sufficiency.terminal import show, show_json


@click.command()
@model_argument
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1)
@folder_option("Where the comparison goes, each result in a folder inside it; without it, results/MODEL.compare.")
@quiet_option
@json_option
def compare(model: Path, scenarios: tuple[str, ...], folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Set scenarios side by side: money, places, journeys, and whose place differs.

    Plans the model itself (base) and each SCENARIO; without a name, all scenarios of the model file. Results already
    made from the same inputs are used again. What each option saves is left to `plan`. Among plans of the same cost
    each scenario's is the closest to the base plan, so that a difference is real. Writes comparison.csv (a row a
    figure), comparison_wide.csv (a column a scenario) and comparison_moves.csv (children placed otherwise), and the
    result of every scenario it plans beside them. No result of plan is changed.

    \b
    Example:
      sufficiency compare models/saltmere.toml free-school-late free-school-cancelled
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet, "the best plans so far") as (progress, stop):
        comparison, saved = api.compare_to_folder(
            model, scenarios, folder, progress=progress, warn=warnings.extend, stop=stop
        )
    say_warnings(warnings, quiet, model, "base")
    if as_json:
        show_json({**api.compare_summary(comparison), "folder": str(saved)})
    else:
        show(api.compare_screen(comparison))
        if comparison.reused:
            show(f"\nUsed again, made from these very inputs: {', '.join(comparison.reused)}")
        show(f"\nComparison in {saved} (comparison_wide.csv opens in Excel), each result in a folder inside it")
    ended = max(exit_status(result) for result in comparison.results.values())
    return STOPPED_EARLY if comparison.missing else ended
