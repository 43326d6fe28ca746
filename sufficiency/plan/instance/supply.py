"""Lines of places year by year: how many places there are for the children of the demand table, and when they are
open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, each_row, positions
from sufficiency.case import Case
from sufficiency.codes import STATE_FUNDED
from sufficiency.tables.schemes import brings_line, committed_years, windows


@dataclass(frozen=True)
class LineYears:
    """[T+1, L] arrays. `commissioned` and `places` are inf where there is no limit; 0 while the setting is not open."""

    commissioned: Floats
    places: Floats
    imported: Floats
    reserved: Floats
    overfill: Floats
    open: Flags
    started: Flags
    counted: Flags


def line_table(case: Case) -> pd.DataFrame:
    """One row a line, with what does not change from year to year; options that are lines of their own among them."""
    places = places_and_options(case).sort_values(["line", "from_year"], kind="stable")
    columns = ["line", "setting", "type", "needs", "can_meet", "match", "phases", "levels"]
    first = places.drop_duplicates("line")[columns]
    settings = case.tables.settings[["setting", "name", "locality", "in_area", "recouped", "section_41"]]
    lines = first.merge(settings, on="setting", how="left", validate="many_to_one")
    if lines["name"].isna().any():
        raise ValueError(f"lines at unknown settings: {', '.join(lines.loc[lines['name'].isna(), 'line'])}")
    lines["funded_by_state"] = lines["type"].isin(STATE_FUNDED)
    lines["priced_as"] = lines["line"]  # by rows of costs; a copy of a line that may close keeps it
    return lines.reset_index(drop=True)


def places_and_options(case: Case) -> pd.DataFrame:
    """The rows of places, and one of 0 places for every option that is a line of its own, from the first year it may
    open.
    """
    places, options = case.tables.places, case.tables.options
    if options is None or options.empty:
        return places
    kinds = case.tables.settings.set_index("setting")["type"]
    may_open = windows(case.model, case.tables)
    rows = pd.DataFrame(
        {
            "line": options["option"],
            "type": options["setting"].map(kinds),
            "from_year": [window.start for window in may_open],
            "places": 0.0,
            "imported": 0.0,
            "reserved": 0.0,
            "overfill": 0.0,
        }
    ).join(options[["setting", "needs", "can_meet", "match", "phases", "levels"]])
    usable = brings_line(options) & np.array([len(window) > 0 for window in may_open])
    both: pd.DataFrame = pd.concat([places, rows[usable]], ignore_index=True)
    return both


def line_years(case: Case, lines: pd.DataFrame, years: Ints) -> LineYears:
    """Year by year the places row that holds, and whether the setting is open and the line has started."""
    model = case.model
    shape = (len(years), len(lines))
    commissioned, imported, reserved, overfill = (np.zeros(shape) for _ in range(4))
    first = np.full(len(lines), 9999)
    rows = places_and_options(case).sort_values("from_year", kind="stable")
    line_index = positions(lines["line"], rows["line"])
    for line, row in zip(line_index, each_row(rows), strict=True):
        holds = years >= row.from_year
        first[line] = min(first[line], int(row.from_year))
        commissioned[holds, line] = np.inf if np.isnan(row.places) else row.places
        imported[holds, line] = row.imported
        reserved[holds, line] = row.reserved
        overfill[holds, line] = row.overfill
    settings = case.tables.settings.set_index("setting").loc[lines["setting"]]
    opens = settings["opens"].fillna(0).to_numpy(dtype=float)  # blank: open already
    opens = np.where(lines["setting"].isin(case.tables.places["setting"]), opens, 0.0)  # else its options open it
    closes = settings["closes"].fillna(9999).to_numpy(dtype=float)  # blank: stays open
    is_open = (years[:, None] >= opens) & (years[:, None] < closes)
    options = [] if case.tables.options is None else list(case.tables.options["option"])
    started = years[:, None] >= first[None, :]
    is_open &= started | ~lines["line"].isin(options).to_numpy()
    reserve = np.where(lines["funded_by_state"], model.rules.reserve, 0.0)
    counted = np.where(np.isfinite(commissioned), commissioned, 0.0)
    usable = np.where(np.isfinite(commissioned), counted * enrolment(case, lines) * (1 - reserve), np.inf)
    places = np.maximum(usable - imported - reserved, 0.0)
    return LineYears(
        commissioned=np.where(is_open, commissioned, 0.0),
        places=np.where(is_open, places, 0.0),
        imported=np.where(is_open, imported, 0.0),
        reserved=np.where(is_open, reserved, 0.0),
        overfill=overfill,
        open=is_open,
        started=started,
        counted=is_open & np.isfinite(commissioned) & started,
    )


def enrolment(case: Case, lines: pd.DataFrame) -> Floats:
    """[L] the share of each line's places that can be filled."""
    return np.array([case.model.continuity.enrolled(line) for line in lines["priced_as"]], dtype=float)


def floors_of_options(case: Case, lines: pd.DataFrame, years: int) -> tuple[Ints, Floats]:
    """Lines of the options that ask for a smallest fill, [F], and the least children in them, [T+1, F]: none while the
    option is not open.
    """
    line, _ = _asking_for_children(case, lines)
    return line, np.full((years, len(line)), -np.inf)


def soft_floors(case: Case, lines: pd.DataFrame) -> Flags:
    """[F] the smallest fills of options that are committed: these open even if they cannot be filled."""
    return _asking_for_children(case, lines)[1]


def _asking_for_children(case: Case, lines: pd.DataFrame) -> tuple[Ints, Flags]:
    """Lines of the options that ask for a smallest fill and may open, [F], and whether these are committed."""
    options = case.tables.options
    if options is None or options.empty:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    named = np.where(brings_line(options), options["option"], options["line"])
    may_open = np.array([len(window) > 0 for window in windows(case.model, case.tables)])
    asks = np.flatnonzero((options["smallest_fill"] > 0).to_numpy() & may_open)
    line = positions(lines["line"], named[asks])
    decided = np.isin(asks, list(committed_years(case.model, case.tables)))
    return line[line >= 0], decided[line >= 0]


def physical_limits(settings: pd.DataFrame, line_setting: Ints, imported: Floats) -> tuple[Ints, Flags, Floats]:
    """Settings with a physical limit, the lines that count towards it, and the room left by year [T+1, Q]."""
    places = settings["physical_places"].to_numpy(dtype=float)
    limited = np.flatnonzero(~np.isnan(places))
    codes = settings["setting"].to_numpy(dtype=object)
    own = line_setting[None, :] == limited[:, None]
    satellite = settings["school"].to_numpy(dtype=object)[line_setting][None, :] == codes[limited][:, None]
    lines = own | satellite
    return limited, lines, places[limited][None, :] - imported @ lines.T.astype(float)
