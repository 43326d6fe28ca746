"""`sufficiency worth`: what every setting is worth."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE, STOPPED_EARLY
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option, scenario_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.problems import Problem
from sufficiency.terminal import show, show_json


@click.command()
@model_argument
@scenario_option
@folder_option("Folder for the table. Default: results/MODEL/SCENARIO.worth.")
@quiet_option
@json_option
def worth(model: Path, scenario: str, folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Show what every setting is worth: how much more the plan would cost without it.

    Each setting is closed in turn before the first plan year, and the plan is solved again from its prices. The result
    is a table, worth.csv, highest worth first. It does not propose to close anything: in this calculation the children
    there move straight away, and the worths of several settings do not add up.

    \b
    Example:
      sufficiency worth models/saltmere.toml
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet, "the settings so far") as (progress, stop):
        worths, files = api.setting_worth_to_folder(model, scenario, folder, progress, warnings.extend, stop)
    say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({**api.worth_document(worths), "files": [str(file) for file in files]})
    else:
        show(api.worth_screen(worths))
        show("\n" + "\n".join(str(file) for file in files))
    return STOPPED_EARLY if worths.missing else DONE
