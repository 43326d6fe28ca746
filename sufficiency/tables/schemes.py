"""What an option of the table is: a line of its own, more places in a line, or the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables import Tables


def brings_line(options: pd.DataFrame) -> NDArray[np.bool_]:
    """Which options are a line of places of their own: they add to none, and if they close one they bring places."""
    own = (options["line"] == "") & ((options["closes_line"] == "") | (options["places"] > 0))
    return own.to_numpy(dtype=np.bool_)


def opens_setting(options: pd.DataFrame, places: pd.DataFrame) -> NDArray[np.bool_]:
    """Which options are at a setting that has no line otherwise: it opens when the option does."""
    return ~options["setting"].isin(places["setting"]).to_numpy(dtype=np.bool_)


def windows(model: Model, tables: Tables) -> list[range]:
    """By option, the years of the plan in which it may open; an empty range where there is none.

    Blank `earliest` and `latest` are the first and the last year. At a setting that has other lines nothing opens
    before the setting does, and nowhere after the setting has closed; nothing adds to a line before its first year. A
    committed option opens in its year alone.
    """
    free, fixed = windows_without_commitments(model, tables), committed_years(model, tables)
    return [
        range(fixed[row], fixed[row] + (fixed[row] in window)) if row in fixed else window
        for row, window in enumerate(free)
    ]


def committed_years(model: Model, tables: Tables) -> dict[int, int]:
    """Row of the options table → the year in which `rules.committed` opens it."""
    names = [] if tables.options is None else tables.options["option"].str.casefold().tolist()
    given = {name.casefold(): year for name, year in model.rules.committed.items()}
    return {row: given[name] for row, name in enumerate(names) if name in given}


def windows_without_commitments(model: Model, tables: Tables) -> list[range]:
    """The windows as they would be if no option were committed."""
    options = tables.options
    if options is None:
        return []
    first, last = model.years
    settings = tables.settings[["setting", "opens", "closes"]].drop_duplicates("setting").set_index("setting")
    opens = options["setting"].map(settings["opens"]).fillna(first)  # blank: open already
    opens = opens.mask(opens_setting(options, tables.places), first)
    closes = options["setting"].map(settings["closes"]).fillna(last + 1)  # blank: stays open
    begins = tables.places.groupby("line")["from_year"].min()
    starts = options["line"].map(begins).fillna(first)  # not added to a line: nothing to wait for
    begin = pd.concat([options["earliest"].fillna(first), opens, starts], axis=1).max(axis=1).clip(lower=first)
    end = pd.concat([options["latest"].fillna(last).clip(upper=last) + 1, closes], axis=1).min(axis=1)
    return [range(int(one), max(int(one), int(other))) for one, other in zip(begin, end, strict=True)]
