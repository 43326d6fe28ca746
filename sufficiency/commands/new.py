"""`sufficiency new`: a model in a new folder."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE
from sufficiency.parameters import OneOf
from sufficiency.terminal import quoted, show

TEMPLATES = ("csv", "xlsx")


@click.command(short_help="Start a model in a new folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    metavar="FORM",
    type=OneOf(TEMPLATES),
    default=None,
    help="Empty tables to fill in instead of the example: csv (a file a table) or xlsx (one workbook).",
)
def new(folder: Path, template: str | None) -> int:
    """Start a model of your own in a new folder.

    Without --template the folder gets the worked example, a fictional authority with all its tables, to try and to
    change. With it, empty tables with the right column names.

    \b
    Example:
      sufficiency new my-plan --template xlsx
    """  # noqa: D301
    from sufficiency import api

    if template is not None and "," in template:
        raise click.BadParameter("give one of them", param_hint="'--template'")
    files = api.start(folder, template)
    models = [file for file in files if file.suffix == ".toml"]
    first = next((file for file in models if file.stem == "saltmere"), models[0])
    here = quoted(first.relative_to(folder))
    show(f"{len(files)} files in {folder}")
    show("Next:" if template is None else f"Fill in the tables in {folder / 'data'}, then:")
    show(f"  cd {quoted(folder)}")
    show(f"  sufficiency check {here}")
    if template is None:
        show(f"  sufficiency plan {here}")
    return DONE
