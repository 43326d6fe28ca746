"""`sufficiency new`: a model in a new folder."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE
from sufficiency.commands.options import quiet_option
from sufficiency.parameters import OneOf
from sufficiency.terminal import progress_shown, quoted, say_problems, show

TEMPLATES = ("csv", "xlsx")


@click.command(short_help="Start a model in a new folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    metavar="FORM",
    type=OneOf(TEMPLATES),
    default=None,
    help="Tables to fill in instead of the example: csv (one file for each table) or xlsx (one workbook). With --la "
    "and --from, they are filled in from the downloads.",
)
@click.option("--la", metavar="CODE", default=None, help="Your authority: its three-digit DfE code, or its ONS code.")
@click.option(
    "--from",
    "downloads",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    default=None,
    help="The folder that your downloads are in. Files are recognised by their contents, in subfolders too.",
)
@quiet_option
def new(folder: Path, template: str | None, la: str | None, downloads: Path | None, quiet: bool) -> int:
    """Start a model of your own in a new folder.

    Without options the folder gets the worked example, a fictional authority with all its tables, to try and to
    change. With --template it gets empty tables with the right column names.

    With --la and --from it gets a model of your authority, built from files that anyone can download: schools, plans,
    small areas, population. What the files do not have is estimated; estimates.csv explains how. Every output says
    Illustrative until you have put in your own placements and places. If you run it again, tables that you have changed
    stay as they are, and the new ones are written to the same folder under another name.

    \b
    Example:
      sufficiency new my-plan --template xlsx
      sufficiency new norfolk --la 926 --from downloads
    """  # noqa: D301
    from sufficiency import api

    if template is not None and "," in template:
        raise click.BadParameter("give one of them", param_hint="'--template'")
    if (la is None) != (downloads is None):
        missing = "'--la'" if la is None else "'--from'"
        what = "give --la and --from together: the authority, and the folder of its files"
        raise click.BadParameter(what, param_hint=missing)
    if la is not None and downloads is not None:
        with progress_shown(quiet) as progress:
            made = api.start_from_open_data(folder, la, downloads, template, progress)
        if not quiet:
            say_problems(made.notes)
        show(f"{made.screen}\nNext:")
        show(f"  sufficiency check {quoted(made.model)}")
        show(f"  sufficiency plan {quoted(made.model)}")
        return DONE
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
