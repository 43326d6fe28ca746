"""`sufficiency map`: maps of a result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sufficiency.commands.endings import exit_status
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option, scenario_option
from sufficiency.commands.stopping import stoppable
from sufficiency.commands.warned import say_warnings
from sufficiency.parameters import OneOf, Years
from sufficiency.problems import Problem
from sufficiency.standing import keys, of_summary
from sufficiency.terminal import show, show_json

MAP_KINDS = ("demand", "settings", "gap", "journeys", "place_value")
MAP_FORMATS = ("png", "svg")


@click.command(name="map")
@model_argument
@scenario_option
@folder_option("The folder of the result. Default: results/MODEL/SCENARIO.")
@click.option(
    "--year",
    "years",
    metavar="YEAR",
    type=Years(),
    multiple=True,
    help="Years, such as 2026,2035. Default: the first year of the plan.",
)
@click.option(
    "--need", "needs", metavar="NEED", multiple=True, help="Only children with these needs, such as ASD,SEMH."
)
@click.option("--phase", "phases", metavar="PHASE", multiple=True, help="Only these phases, such as primary,secondary.")
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    type=OneOf(MAP_KINDS),
    multiple=True,
    help=f"{', '.join(MAP_KINDS)}. Default: all.",
)
@click.option(
    "--format", "formats", metavar="FORMAT", type=OneOf(MAP_FORMATS), multiple=True, help="png or svg. Default: both."
)
@quiet_option
@json_option
def map_command(
    model: Path,
    scenario: str,
    folder: Path | None,
    years: tuple[str, ...],
    needs: tuple[str, ...],
    phases: tuple[str, ...],
    kinds: tuple[str, ...],
    formats: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Draw maps of a result, for a paper or a slide.

    The maps go into the folder maps/ of the result. If there is no result of the same tables, the plan is made first.
    For several years, needs or kinds, separate them with commas or repeat the option.

    \b
    Example:
      sufficiency map models/saltmere.toml --kind gap --year 2026,2035 --need ASD
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with stoppable(quiet) as (progress, stop):
        drawn = api.maps_to_folder(
            model,
            scenario,
            folder,
            years=[int(year) for year in _words(years)] or None,
            needs=_words(needs) or None,
            phases=_words(phases) or None,
            kinds=_words(kinds) or MAP_KINDS,
            formats=_words(formats) or MAP_FORMATS,
            progress=progress,
            warn=warnings.extend,
            stop=stop,
        )
    say_warnings(warnings, quiet, model, scenario)
    if as_json:
        said = keys(of_summary(drawn.result.summary))
        show_json({**said, "files": [str(file) for file in drawn.files], "planned": drawn.planned})
        return exit_status(drawn.result)
    if drawn.planned:
        show("There was no result for these tables, so the plan was made first.")
    show("\n".join(str(file) for file in drawn.files))
    return exit_status(drawn.result)


def _words(given: Sequence[str]) -> list[str]:
    return [word.strip() for text in given for word in text.split(",") if word.strip()]
