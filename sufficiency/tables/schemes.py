"""What an option of the table is: a line of its own, more places in a line, or the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

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
    before the setting does, and nowhere after the setting has closed.
    """
    options = tables.options
    if options is None:
        return []
    first, last = model.years
    settings = tables.settings.drop_duplicates("setting").set_index("setting")
    opens = options["setting"].map(settings["opens"]).fillna(first)  # blank: open already
    opens = opens.mask(opens_setting(options, tables.places), first)
    closes = options["setting"].map(settings["closes"]).fillna(last + 1)  # blank: stays open
    begin = np.maximum(options["earliest"].fillna(first), opens).clip(lower=first)
    end = np.minimum(options["latest"].fillna(last).clip(upper=last) + 1, closes)
    return [range(int(one), max(int(one), int(other))) for one, other in zip(begin, end, strict=True)]
