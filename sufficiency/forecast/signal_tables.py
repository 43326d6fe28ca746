"""What may be known of authorities besides their plans, as arrays in the order of a history: requests for assessment,
children, regions and plans begun.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats
from sufficiency.forecast.band_cells import BANDS, TOTAL, read_cells
from sufficiency.forecast.band_history import BandHistory
from sufficiency.problems import Problem

COLUMNS = {
    "requests": ("la", "year", "requests", "refused", "undecided"),
    "children": ("la", "children"),
    "regions": ("la", "region"),
    "new_plans": ("la", "age_band", "year", "plans"),
}
REQUESTS = ("requests", "refused", "undecided")


@dataclass(frozen=True)
class SignalTables:
    """`requests` [authority, requests, refused or undecided, year] of the calendar year before each count; `children`
    [authority] aged 2 to 18; `region` [authority], empty where it is not known; `begun` [authority, band or total,
    year] plans begun in the calendar year before each count. NaN is not known. `notes` say in words what was left out.
    """

    requests: Floats
    children: Floats
    region: tuple[str, ...]
    begun: Floats
    notes: tuple[str, ...] = ()


def read_signal_tables(
    frames: dict[str, pd.DataFrame | None],
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The frames that are given, by the names of COLUMNS, as what they mean, and every row that makes no sense."""
    read, problems = {}, []
    for name, frame in frames.items():
        if frame is None:
            continue
        optional = ("refused", "undecided") if name == "requests" else ()
        table, wrong = read_cells(frame, name, COLUMNS[name], optional)
        problems += wrong
        read[name] = table
    return read, problems


def lay_out(read: dict[str, pd.DataFrame], history: BandHistory) -> SignalTables:
    """The arrays of frames, crossing the changes of boundaries that the history crosses.

    Years after the last count of the history are not used: they were not known then. Plans begun are by the calendar
    year through, as DfE publishes them, so those of the year before a count belong to it.
    """
    authorities, years = pd.Index(history.authorities), history.years
    shape = (len(authorities), len(years))
    requests, begun = np.full((shape[0], 3, shape[1]), np.nan), np.full((shape[0], len(BANDS) + 1, shape[1]), np.nan)
    children, region = np.full(shape[0], np.nan), [""] * shape[0]
    notes = []
    for name, frame in read.items():
        if frame.empty:
            continue
        row = authorities.get_indexer(pd.Index(frame["la"]))
        inside = row >= 0
        if not inside.all():
            notes.append(f"{name}: {frame['la'][~inside].nunique()} authorities that the history does not have")
        when = np.zeros(len(frame), dtype=np.int64)
        if "year" in frame:
            when = frame["year"].to_numpy(dtype=np.int64) + (name == "new_plans") - int(years[0])
            late = inside & (when >= len(years))
            if late.any():
                notes.append(f"{name}: {int(late.sum())} rows after the last count of the history are not used")
            inside &= (when >= 0) & (when < len(years))
        row, when, used = row[inside], when[inside], frame[inside]
        if name == "requests":
            requests[row, :, when] = used[list(REQUESTS)].to_numpy(dtype=float)
        elif name == "new_plans":
            band = pd.Index([*BANDS, TOTAL]).get_indexer(pd.Index(used["age_band"]))
            begun[row, band, when] = used["plans"].to_numpy(dtype=float)
        elif name == "children":
            children[row] = used["children"]
        else:
            for place, named in zip(row, used["region"].fillna(""), strict=True):
                region[place] = named
    whole = begun[:, :-1].sum(axis=1)
    begun[:, -1] = np.where(np.isnan(whole), begun[:, -1], whole)
    return SignalTables(
        _inherited(requests, history), children, tuple(region), _inherited(begun, history), tuple(notes)
    )


def _inherited(flows: Floats, history: BandHistory) -> Floats:
    """Flows [authority, kind, year] of the authorities before a change of boundaries under their successors."""
    flows = flows.copy()
    for change in history.inherited:
        before = flows[list(change.before), :, : change.start]
        past = np.where(np.isnan(before).all(axis=0), np.nan, np.nansum(before, axis=0))
        for row, part in zip(change.after, change.parts, strict=True):
            flows[row, :, : change.start] = past * part
    return flows
