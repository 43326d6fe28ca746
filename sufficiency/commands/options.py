"""What several commands take: the model, the scenario, the folder, and how much to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

model_argument = click.argument("model", metavar="MODEL", type=click.Path(path_type=Path))
scenario_option = click.option(
    "--scenario", metavar="NAME", default="base", help="A scenario of the model file. Default: the model itself."
)
quiet_option = click.option("--quiet", is_flag=True, help="Show no progress and no warnings.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document instead of the screen, for other programs."
)


def folder_option(help_text: str) -> Callable[[Command], Command]:
    """The option that names the folder of what the command writes."""
    return click.option(
        "-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path), help=help_text, default=None
    )
