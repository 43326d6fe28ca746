"""`sufficiency sweep`: the plan in many futures."""

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
@folder_option("Folder for the tables. Default: results/MODEL/SCENARIO.sweep.")
@click.option("--draws", metavar="N", type=click.IntRange(1, 100_000), help="How many futures. Default: sweep.draws.")
@click.option("--seed", metavar="S", type=click.IntRange(0, 2**31 - 1), help="Which futures. Default: sweep.seed.")
@click.option(
    "--workers", metavar="N", type=click.IntRange(1, 1_024), help="Processes side by side. Default: one a core."
)
@click.option("--cluster", metavar="ADDRESS", help="Use the workers of the Dask scheduler there (tls://…).")
@click.option("--robust", is_flag=True, help="Also seek the options that are best over all futures, chosen once.")
@quiet_option
@json_option
def sweep(
    model: Path,
    scenario: str,
    folder: Path | None,
    draws: int | None,
    seed: int | None,
    workers: int | None,
    robust: bool,
    cluster: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Try the plan in many futures: demand, money and opening years as they may come.

    The options that the plan opens stay the same in every future; children are placed anew. [sweep] in the model file
    says what varies. Each future is kept as soon as it is solved: run the command again after it was stopped, and it
    goes on from there.

    \b
    Example:
      sufficiency sweep models/saltmere.toml --draws 100
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet, "the futures so far") as (progress, stop):
        made = api.sweep_to_folder(
            model,
            scenario,
            folder,
            draws,
            seed,
            workers,
            robust,
            cluster,
            progress=progress,
            warn=warnings.extend,
            stop=stop,
        )
    say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({**made.document, "files": [str(file) for file in made.files]})
    else:
        show(api.sweep_screen(made.tables, made.document, None if made.weighed is None else made.weighed.table))
        show("\n" + "\n".join(str(file) for file in made.files))
    return DONE if made.whole else STOPPED_EARLY
