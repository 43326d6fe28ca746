"""Which budget line every pound is posted to, and how much of an academic year falls into each financial year.

A place and a child count for their academic year; a financial year takes 5/12 of the academic year that ends in it
and 7/12 of the one that starts (post-16: 4/12 and 8/12). Source: DfE, high needs place funding; checked against its
2023-24 allocations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, Ints, Objects, positions
from sufficiency.case import Case
from sufficiency.codes import EARLIER_SHARE, NOT_GIVEN, RECOUPED, SCHOOL_PHASES
from sufficiency.plan.instance.costs import pair_keys
from sufficiency.plan.instance.data import InstanceData
from sufficiency.rates import child_rates, place_rates, transport_per_child

TRANSPORT = "transport"
"""What journeys are called, in keys and in what money is for."""
POST_16_TYPES = ("college", "specialist_post_16")


@dataclass(frozen=True)
class Postings:
    """£ of the year by budget line, for `pairs` [n] and all lines of places.

    `fee`, `transport` [T+1, n] £ a child; `place` [T+1, L] £ of a line's places as if none of our children filled
    them, with the fixed costs of options;
    `filled` [T+1, L] what each of our children adds to that (less than nothing where an empty place costs
    more), `funded` [T+1, L] what is paid for a place that one of them fills. A line whose phases are all post-16 is
    post-16 money; a line that takes younger children too is not.
    """

    pairs: Ints
    fee: Floats
    fee_line: Objects
    transport: Floats
    transport_line: str
    late: Flags  # [n] post-16
    earlier: Floats  # [n] share of a fee from April to August
    earlier_transport: Floats  # [n]
    place: Floats
    filled: Floats
    funded: Floats
    place_line: Objects
    late_line: Flags  # [L]
    earlier_line: Floats  # [L]


def postings(case: Case, data: InstanceData, pairs: Ints) -> Postings:
    """The postings of some pairs (positions)."""
    years = data.years.tolist()
    lines = data.lines.assign(line=data.lines["priced_as"])
    keys = pair_keys(data.cells, lines, data.pair_cell[pairs], data.pair_line[pairs])
    at = positions(case.tables.settings["setting"], data.lines["setting"])[data.pair_line[pairs]]
    fees, rates = child_rates(case, keys, years), place_rates(case, lines, years)
    late = [phase.code for phase in case.model.phase_list if phase.first >= SCHOOL_PHASES["post_16"][0]]
    bought_late = data.lines["type"].isin(POST_16_TYPES)
    counted = data.line_open & np.isfinite(data.commissioned)
    of_child = (keys["phase"].isin(late) | keys["type"].isin(POST_16_TYPES)).to_numpy()
    of_line = (data.lines["phases"].map(lambda phases: set(phases) <= set(late)) | bought_late).to_numpy()
    apart = data.lines["recouped"].to_numpy(dtype=bool) & case.model.finance.recouped_apart
    split, journeys = case.model.finance.month_split, np.full(len(pairs), TRANSPORT, dtype=object)
    return Postings(
        pairs=pairs,
        fee=fees.pounds,
        fee_line=_named(fees.budget_line),
        transport=transport_per_child(case, at, keys["type"], data.km[pairs], years),
        transport_line=case.model.finance.transport_budget_line,
        late=of_child,
        earlier=earlier_share(split, keys["type"].to_numpy(dtype=object), of_child),
        earlier_transport=earlier_share(split, journeys, of_child),
        place=data.place_funding + data.option_cost,
        filled=np.where(counted, rates.filled - rates.empty, 0.0),
        funded=np.where(counted, rates.filled, 0.0),
        place_line=np.where(apart, RECOUPED, _named(rates.budget_line)),
        late_line=of_line,
        earlier_line=earlier_share(split, data.lines["type"].to_numpy(dtype=object), of_line),
    )


def _named(lines: Objects) -> Objects:
    return np.where(lines == "", NOT_GIVEN, lines)


def earlier_share(split: Mapping[str, float], kind: Objects, late: Flags) -> Floats:
    """The share of the earlier academic year in a financial year, for each amount: as `split` (finance.month_split)
    says of its `kind`, a setting type or `transport`; else by whether it is post-16 money (`late`).
    """
    share = np.where(late, EARLIER_SHARE[True], EARLIER_SHARE[False])
    for name, given in split.items():
        share = np.where(kind == name, given, share)
    return share


def earlier_share_of_rows(rows: pd.DataFrame, split: Mapping[str, float]) -> Floats:
    """The same for rows of spend (`type`, `what`, `post_16`)."""
    late = rows["post_16"].to_numpy(dtype=bool)
    if not split:
        return earlier_share(split, np.full(len(rows), "", dtype=object), late)
    kind = rows["type"].where(rows["what"] != TRANSPORT, TRANSPORT).to_numpy(dtype=object)
    return earlier_share(split, kind, late)


def in_financial_years(rows: pd.DataFrame, split: Mapping[str, float]) -> pd.DataFrame:
    """Academic years' rows (`year`, `type`, `what`, `post_16`, `pounds`, …) as parts of the financial years they fall
    into: `financial_year`, with the same columns beside it and one row for each part.
    """
    earlier = earlier_share_of_rows(rows, split)
    starts = rows.assign(pounds=rows["pounds"] * (1 - earlier), financial_year=rows["year"])
    ends = rows.assign(pounds=rows["pounds"] * earlier, financial_year=rows["year"] + 1)
    return pd.concat([starts, ends], ignore_index=True)
