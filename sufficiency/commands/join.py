"""`sufficiency join`: files that other teams keep, set against a model."""

from __future__ import annotations

from pathlib import Path

import click

from sufficiency.commands.endings import DONE
from sufficiency.commands.options import folder_option, json_option, model_argument, quiet_option
from sufficiency.commands.warned import MOST_WARNINGS
from sufficiency.terminal import problems_as_json, progress_shown, say_problems, show, show_json


@click.command(short_help="Join what finance, transport and commissioning have.")
@model_argument
@click.option(
    "--from", "files", metavar="FOLDER", type=click.Path(path_type=Path), required=True,
    help="The folder with their files. They are recognised by their headings, in subfolders too.",
)  # fmt: skip
@folder_option("Folder for the report. Default: results/MODEL.join.")
@quiet_option
@json_option
def join(model: Path, files: Path, folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Join what finance, transport and commissioning have to a model.

    FOLDER holds up to three files, as CSV or .xlsx: placements by provider from finance (URN or name, pupils, pounds a
    year, budget line), transport by route (route, URN or name, pupils, pounds a year or a day), and place numbers from
    agreements (URN or name, places, from which September). Each row is matched to a setting by URN, then by name;
    names that are only alike are listed, never matched. joined.csv has every row, differences.csv what the files and
    the model say of each setting.

    Costs, transport and places that follow are put into the model's tables where these are still as `new` wrote them;
    a table of your own is left, and the new one is beside it as NAME.new.csv. Files with names or UPNs of children are
    refused. Nothing leaves the machine.

    \b
    Example:
      sufficiency join models/norfolk.toml --from from-finance
    """  # noqa: D301
    from sufficiency.api.joining import join_to_folder

    with progress_shown(quiet) as progress:
        made = join_to_folder(model, files, folder, progress)
    if not quiet:
        say_problems(made.notes, MOST_WARNINGS, "see --json")
    if as_json:
        rows = made.rows.drop(columns=["why"])
        matched = rows["matched_to"] != ""
        numbers = ["pupils", "places", "pounds"]
        show_json(
            {
                "folder": str(made.folder),
                "rows": int((rows["file"] != "").sum()),
                "matched": {"rows": int(matched.sum()), **rows.loc[matched, numbers].sum().to_dict()},
                "unmatched": {
                    "rows": int((~matched & (rows["file"] != "")).sum()),
                    **rows.loc[~matched, numbers].sum().to_dict(),
                },
                "missing": list(made.missing),
                "tables": [str(table) for table in made.tables],
                "notes": problems_as_json(made.notes),
            }
        )
    else:
        show(made.screen)
    return DONE
