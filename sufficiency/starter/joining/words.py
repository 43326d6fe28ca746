"""What `sufficiency join` says when it is done: ten lines or so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sufficiency.sources.own_files.kinds import OWN_KINDS
from sufficiency.starter.joining.join import Joined

_UNITS = {"finance": "£", "transport": "£", "agreements": "places"}


def joined_words(name: str, joined: Joined, tables: Sequence[Path]) -> str:
    """The screen."""
    lines = [f"{name}: what other teams' files say, and what the model says of its base year."]
    for kind, file in joined.files.items():
        rows = joined.rows[joined.rows["what"].str.startswith(f"{kind}:") & (joined.rows["file"] != "")]
        lines += _of_file(kind, file.place.called, rows)
    lines += [_apart(what, rows) for what, rows in joined.differences.groupby("what", sort=False)]
    for kind in joined.missing:
        one = OWN_KINDS[kind]
        lines.append(f"Missing: {one.title.casefold()}, usually held by {one.holder}. Without it {one.without}.")
    for table in tables:
        beside = ": compare it with the table beside it, and take it over" if table.name.endswith(".new.csv") else ""
        lines.append(f"Written: {table}{beside}")
    if not tables:
        lines.append("No table changes.")
    return "\n".join(lines)


def _of_file(kind: str, called: str, rows: pd.DataFrame) -> list[str]:
    there = rows["matched_to"] != ""
    column = "places" if kind == "agreements" else "pounds"
    amounts = (rows.loc[there, column].sum(), rows[column].sum())
    said = f"{OWN_KINDS[kind].title} ({called}): {int(there.sum())} of {len(rows)} rows match, "
    if column == "pounds":
        pupils = (rows.loc[there, "pupils"].sum(), rows["pupils"].sum())
        said += f"{pupils[0]:,g} of {pupils[1]:,g} pupils, £{amounts[0]:,.0f} of £{amounts[1]:,.0f}."
    else:
        said += f"{amounts[0]:,g} of {amounts[1]:,g} places."
    only = int((there & rows["why"].str.contains("compared only")).sum())
    return [f"{said} {only} of them are compared only." if only else said]


def _apart(what: object, rows: pd.DataFrame) -> str:
    file, model = rows["file_says"].sum(), rows["model_says"].sum()
    count = int((rows["difference"].abs() > 0.5).sum())
    sign = "£" if what in {"top-ups and fees", "transport"} else ""
    where = "line" if what == "places" else "setting"
    return (
        f"{str(what).capitalize()}: {sign}{file:,.0f} in the file, {sign}{model:,.0f} in the model; "
        f"{count} of {len(rows)} {where}s differ."
    )
