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
@folder_option("Folder for the comparison, with a folder in it for each result. Default: results/MODEL.compare.")
@quiet_option
@json_option
def compare(model: Path, scenarios: tuple[str, ...], folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Compare scenarios: money, places, journeys, and children placed elsewhere.

    Plans the model itself (base) and each SCENARIO; without a name, all scenarios of the model file. Results already
    made from the same inputs are used again. For what each option saves, use `plan`. Where several plans cost the same,
    the one closest to the base plan is taken, so that every difference is real. Writes comparison.csv (a row for each
    figure), comparison_wide.csv (a column for each scenario), comparison_moves.csv (children placed elsewhere), and a
    folder with the result of each scenario that it plans. Results of `plan` are not changed.

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
            show(f"\nReused, made from the same inputs: {', '.join(comparison.reused)}")
        show(f"\nComparison in {saved} (comparison_wide.csv opens in Excel), each result in a folder inside it")
    ended = max(exit_status(result) for result in comparison.results.values())
    return STOPPED_EARLY if comparison.missing else ended
