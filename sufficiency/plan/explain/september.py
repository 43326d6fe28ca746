"""A September by line and year group: who is there already, who leaves, who joins, and which places are vacant.

Nothing is decided for it: who joins is the projection of doing nothing more (existing commitments only).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.arrays import totals
from sufficiency.phases import Phase
from sufficiency.plan.explain.projection import Projection, do_nothing_more
from sufficiency.plan.rows.instance import Instance
from sufficiency.plan.tolerances import NOBODY

COUNTS = ["staying", "leaving", "joining"]
COLUMNS = ["setting", "line", "phase", "year_group", "places", *COUNTS, "vacancies"]
Shares = dict[tuple[str, int], float]
"""Children with a plan by need and year group (NCY), of which only proportions count."""


def september(base: Instance, year: int, shares: Shares | None = None) -> pd.DataFrame:
    """`september.csv` of a plan year: a row a line with its places, and below it a row a phase and, where each phase is
    one or a history gives `shares`, a year group.

    Of the children of the year before, those who stay in their phase are in its second year group or a later one, those
    who move on to the next phase in the same line in its first, and those who leave were in the last of theirs.
    """
    projection, phases = do_nothing_more(base), {phase.code: phase for phase in base.case.model.phase_list}
    t = year - base.case.model.base_year
    rows = _by_phase(projection, t)
    split = shares is not None or all(phase.year_groups == 1 for phase in phases.values())
    parts = [_spread(rows, kind, phases, shares or {}) if split else rows.assign(year_group="") for kind in _KINDS]
    whole = parts[0] if not split else pd.concat(parts, ignore_index=True)
    keys = ["line", "phase", "year_group"]
    detail = whole.groupby(keys, as_index=False)[[*_KINDS]].sum()
    detail["staying"] = detail.pop("same") + detail.pop("moved")
    return _with_lines(projection, t, detail, [phase.code for phase in base.case.model.phase_list])


_KINDS = ("same", "moved", "leaving", "joining")


def _by_phase(projection: Projection, t: int) -> pd.DataFrame:
    """Children by line (position), phase and need: those who stay in their phase (`same`), move on to it in the line
    (`moved`), leave, and join.
    """
    data, before = projection.data, projection.stock[t - 1]
    is_open = data.line_open[t][data.pair_line]
    same = np.where(is_open, data.stay[t][data.pair_cell] * before, 0.0)
    onward = np.where(is_open & (data.next_pair >= 0), data.carry[t][data.pair_cell] * before, 0.0)
    moved = totals(np.maximum(data.next_pair, 0), onward, len(before))
    rows = pd.DataFrame(
        {
            "line": data.pair_line,
            "phase": data.cells["phase"].to_numpy(dtype=object)[data.pair_cell],
            "need": data.cells["need"].to_numpy(dtype=object)[data.pair_cell],
            "same": same,
            "moved": moved,
            "leaving": before - same - onward,
            "joining": projection.entrants[t],
        }
    )
    return rows.groupby(["line", "phase", "need"], as_index=False)[[*_KINDS]].sum()


def _spread(rows: pd.DataFrame, kind: str, phases: dict[str, Phase], shares: Shares) -> pd.DataFrame:
    """The children of one kind over the year groups they may be in; the other kinds are 0."""
    some = rows[rows[kind] > NOBODY]
    groups = {
        key: _weights(kind, phases[key[0]], key[1], shares)
        for key in set(zip(some["phase"], some["need"], strict=True))
    }
    of_row = [groups[key] for key in zip(some["phase"], some["need"], strict=True)]
    lengths = np.array([len(weights) for weights in of_row], dtype=np.int64)
    repeated = some.loc[some.index.repeat(lengths), ["line", "phase"]].reset_index(drop=True)
    weights = np.array([weight for one in of_row for weight in one.values()], dtype=float)
    children = np.repeat(some[kind].to_numpy(), lengths) * weights
    empty = dict.fromkeys(_KINDS, 0.0)
    return repeated.assign(year_group=[str(ncy) for one in of_row for ncy in one], **(empty | {kind: children}))


def _weights(kind: str, phase: Phase, need: str, shares: Shares) -> dict[int, float]:
    """Year group → share of the children of a kind: the proportions of the history, alike where it has nobody."""
    first = phase.first + (1 if kind == "same" and phase.year_groups > 1 else 0)
    groups = {"moved": [phase.first], "leaving": [phase.last]}.get(kind, list(range(first, phase.last + 1)))
    known = {ncy: shares.get((need, ncy), 0.0) for ncy in groups}
    whole = sum(known.values())
    return {ncy: count / whole if whole > 0 else 1 / len(groups) for ncy, count in known.items()}


def _with_lines(projection: Projection, t: int, detail: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    data = projection.data
    lines = detail.groupby("line", as_index=False)[COUNTS].sum().assign(phase="", year_group="")
    there = np.union1d(np.flatnonzero(data.line_open[t]), lines["line"].to_numpy(dtype=np.int64))
    lines = lines.set_index("line").reindex(there).reset_index(names="line")
    lines = lines.assign(**{name: lines[name].fillna(0.0) for name in COUNTS}, phase="", year_group="")  # nobody
    places = data.places[t][there]
    lines["places"] = np.where(np.isfinite(places), places, np.nan)
    lines["vacancies"] = lines["places"] - lines["staying"] - lines["joining"]
    detail = detail[(detail[COUNTS] > NOBODY).any(axis=1)]
    both = pd.concat([lines, detail.assign(places=np.nan, vacancies=np.nan)], ignore_index=True)
    both = both[(both[COUNTS] > NOBODY).any(axis=1) | (both["places"] > 0)]
    rank = both["phase"].map({"": -1} | {code: place for place, code in enumerate(order)})
    ncy = pd.to_numeric(both["year_group"], errors="coerce").fillna(-99)
    named = data.lines.iloc[both["line"].to_numpy(dtype=np.int64)]
    both = both.assign(
        setting=named["setting"].to_numpy(dtype=object),
        line=named["line"].to_numpy(dtype=object),
        rank=rank,
        ncy=ncy,
    )
    return both.sort_values(["setting", "line", "rank", "ncy"], ignore_index=True)[COLUMNS]
