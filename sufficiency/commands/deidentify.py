"""`sufficiency deidentify`: a SEN2 return to counts of children."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from sufficiency.commands.endings import DONE
from sufficiency.commands.options import json_option, quiet_option
from sufficiency.terminal import problems_as_json, say_problems, show, show_json


@click.command(short_help="Count the children of a SEN2 return, without names.")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "target", metavar="COUNTS.csv", type=click.Path(path_type=Path), required=True,
    help="The CSV file of counts.",
)  # fmt: skip
@click.option(
    "--postcodes", metavar="LOOKUP.csv", type=click.Path(path_type=Path),
    help="Postcodes and their LSOA, such as ONS's Postcode Directory.",
)  # fmt: skip
@click.option(
    "--date", "day", metavar="DAY", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]),
    help="The day of the count. Default: the reference date of the return.",
)  # fmt: skip
@quiet_option
@json_option
def deidentify(
    source: Path, target: Path, postcodes: Path | None, day: datetime | None, quiet: bool, as_json: bool
) -> int:
    """Count the children of a SEN2 person-level return.

    FILE is the XML of the return, a folder or ZIP file with the CSV files of COLLECT's Blade export, or one CSV table
    with a row for each child. The counts are by need, year group, home area, placement and year of entry. Names, UPNs,
    dates of birth and postcodes are never written. A count of 1 may still point to a child: keep the counts within the
    council.

    \b
    Example:
      sufficiency deidentify sen2-2026.xml --postcodes ONSPD.csv -o counts.csv
    """  # noqa: D301
    from sufficiency.api.deidentifying import deidentify_to_file

    made = deidentify_to_file(source, target, postcodes, None if day is None else day.date())
    if as_json:
        show_json(
            {
                "file": str(made.file),
                "rows": made.rows,
                "children": made.children,
                "count_day": made.count_day,
                "notes": problems_as_json(made.notes),
            }
        )
        return DONE
    if not quiet:
        say_problems(made.notes)
    on = f" on {made.count_day}" if made.count_day else ""
    show(f"{made.children:,} children with an EHC plan{on}, counted in {made.rows:,} rows: {made.file}")
    show("Small counts may point to a child: keep this file within the council.")
    return DONE
