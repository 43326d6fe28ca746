"""The command line: the program `sufficiency` and its commands."""

from __future__ import annotations

import click

from sufficiency import __version__
from sufficiency.commands.check import check
from sufficiency.commands.compare import compare
from sufficiency.commands.deidentify import deidentify
from sufficiency.commands.endings import Commands
from sufficiency.commands.explore import explore
from sufficiency.commands.forecast import forecast
from sufficiency.commands.frontier import frontier
from sufficiency.commands.join import join
from sufficiency.commands.map import map_command
from sufficiency.commands.new import new
from sufficiency.commands.plan import plan
from sufficiency.commands.report import report
from sufficiency.commands.sweep import sweep
from sufficiency.commands.worth import worth


@click.group(
    cls=Commands,
    commands=(
        check,
        forecast,
        plan,
        compare,
        explore,
        map_command,
        report,
        frontier,
        worth,
        sweep,
        new,
        deidentify,
        join,
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", prog_name="sufficiency", message="%(prog)s %(version)s")
def main() -> None:
    """Plan places for children with special educational needs and disabilities.

    Start with the worked example:

    \b
      sufficiency new my-plan
      cd my-plan
      sufficiency check models/saltmere.toml
      sufficiency plan models/saltmere.toml
    """  # noqa: D301
