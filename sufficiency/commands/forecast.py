"""`sufficiency forecast`: demand from a history of plans."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option, scenario_option
from sufficiency.commands.warned import MOST_WARNINGS
from sufficiency.problems import Problem
from sufficiency.terminal import progress_shown, say_problems, show, show_json


@click.command(short_help="Forecast demand from a history of plans.")
@model_argument
@scenario_option
@folder_option("Folder for the forecast. Default: results/MODEL/SCENARIO-forecast.")
@click.option("--backtest", is_flag=True, help="Hide the last one to five years, forecast them, and show the error.")
@click.option("--parquet", is_flag=True, help="Write every table as Parquet too.")
@quiet_option
@json_option
def forecast(
    model: Path, scenario: str, folder: Path | None, backtest: bool, parquet: bool, quiet: bool, as_json: bool
) -> int:
    """Forecast the children who need a specialist place, by need, phase, area and year.

    MODEL names a history of EHC plans, as coarse or as fine as you have it, and what else you know: people by age,
    plans begun and ended, new homes. The result is a folder: demand.csv, which a model may name as its demand, the same
    children at every level with intervals, plots, and, with --backtest, its error on your own past years and that of
    simpler forecasts. With a [forecast] section in the model file, `plan` makes and uses the forecast itself.

    \b
    Example:
      sufficiency forecast models/saltmere.toml --backtest
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with progress_shown(quiet) as progress:
        made = api.forecast_to_folder(model, scenario, folder, backtest, parquet, progress, warnings.extend)
    if not quiet:
        say_problems(warnings, MOST_WARNINGS, "see summary.json")
    if as_json:
        show_json({**made.summary, "folder": str(made.folder)})
    else:
        show(made.shown)
        show(f"\nForecast in {made.folder} (open the CSV files in Excel; the plots are PNG)")
    return DONE
