"""From unmitigated to mitigated, mitigation by mitigation in a stated order.

Children who are in another type of setting under the plan than if nothing more is done (`changes.csv`) are put down to
the first mitigation in the order whose places they fill; the rest are placed differently in places that are there
anyway. So the changes add up to the whole, and nothing is solved again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sufficiency.report.content.returns import rows
from sufficiency.report.content.returns.children import MITIGATED, UNMITIGATED, Counted, in_year_groups
from sufficiency.report.content.returns.commissioned import OPTION, commissioned, proposed_places
from sufficiency.report.content.returns.form import NOTE, Return
from sufficiency.report.content.returns.lsrp import CALENDAR, Knows, need_domain
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit

FLOW = ["year", "locality", "need", "phase", "from_type", "to_type"]
INTO = ["year", "locality", "need", "phase", "to_type"]
DIFFERENTLY = "Placing children differently in places that are there"
ORDER = (
    "Order: places that are only proposed, then the options in the order to commission them (options_appraisal.csv), "
    "then placing children differently. A child who moves to another type of setting is put down to the first of them "
    "whose places the child fills. In another order the parts would be others, and add up to the same."
)
SAME_TOTAL = (
    "No mitigation of this plan changes who has a plan, so tables 5, 5.1 and 7 are the same unmitigated and mitigated; "
    "a mitigation that does is a scenario."
)


@dataclass(frozen=True)
class Mitigation:
    """`places` [line, year]: those it brings."""

    words: str
    places: pd.Series


def bridges(planned: Planned, counted: Counted) -> list[Return]:
    """The bridge of table 6, and that of tables 7.1 to 7.7."""
    mitigations = _mitigations(planned)
    words = [*(one.words for one in mitigations), DIFFERENTLY]
    effects = in_year_groups(_effects(planned, mitigations), counted.parts, ["mitigation"])
    years = [year for year in rows.LSRP_YEARS if year in planned.years]
    steps = [*enumerate(words, 1)]
    knows = Knows(planned, counted)

    def as_steps(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        """`counts`: children by projection or mitigation (`step`), year and `keys`, as a row for each step."""
        wide = counts.groupby(["year", *keys, "step"])["children"].sum()
        listed = [(0, "Unmitigated"), *steps, (len(steps) + 1, "Mitigated")]
        domains = {
            "provision": list(rows.PROVISIONS),
            "table": list(rows.TABLES_7),
            "need": need_domain(counts),
        }
        names = pd.MultiIndex.from_product([years, *(domains[key] for key in keys)], names=["year", *keys])
        found = []
        for name in names:
            cell = dict(zip(names.names, name, strict=True))
            why = knows.why_no_provision(cell["provision"]) if "provision" in cell else ""
            for order, step in listed:
                value = np.nan if why else round(float(wide.get((*name, order), 0.0)), 9) + 0.0
                found.append({**cell, "order": order, "mitigation": step, "children": value, NOTE: why})
        return pd.DataFrame(found)

    ends = {UNMITIGATED: 0, MITIGATED: len(steps) + 1}
    place = {step: order for order, step in steps}
    parts = pd.concat(
        [
            counted.rows.assign(step=counted.rows["projection"].map(ends)),
            effects.assign(step=effects["mitigation"].map(place)),
        ],
        ignore_index=True,
    )
    parts = parts[parts["year"].isin(years)]
    kinds = list(zip(parts["type"], parts["ncy"], strict=True))
    parts = parts.assign(
        provision=[rows.provision_of(*one) for one in kinds],
        table=[rows.table_7_of(*one) for one in kinds],
        need=parts["need"].map(rows.need_row),
    )
    return [
        _made("lsrp_bridge", "6", "Provision", ("provision",), as_steps(parts, ["provision"])),
        _made("lsrp_bridge_by_need", "7.1 to 7.7", "Need", ("table", "need"), as_steps(parts, ["table", "need"])),
    ]


def _made(name: str, of: str, short: str, keys: tuple[str, ...], frame: pd.DataFrame) -> Return:
    return Return(
        name=name,
        code=f"LSRP bridge {of.split()[0]}",
        short=short,
        title=f"From unmitigated to mitigated, by mitigation, in {'tables 7.1 to 7.7' if keys[1:] else 'table 6'}",
        about="Children with a plan. A row is a row of the form in a year: unmitigated, what each mitigation adds or "
        "takes off in the order shown, and mitigated.",
        source="changes.csv, placements.csv, occupancy.csv, programme.csv and the history of plans",
        keys=("year", *keys, "order", "mitigation"),
        values={"children": Unit.CHILDREN},
        frame=frame,
        across=("order", "mitigation"),
        headings={"provision": "Provision", "need": "Primary need", "table": "Table"},
        notes=(ORDER, SAME_TOTAL, CALENDAR),
    )


def _mitigations(planned: Planned) -> list[Mitigation]:
    """Proposed places and options that open, in order."""
    found, names = [], planned.setting_names
    proposed = proposed_places(planned, planned.years)
    settings = planned.case.tables.places.drop_duplicates("line").set_index("line")["setting"]
    for line, one in proposed.groupby("line"):
        words = f"Proposed places: {line}, {names.get(settings[line], settings[line])}"
        found.append(Mitigation(words, one.set_index(["line", "year"])["places"]))
    if not planned.has("programme"):
        return found
    appraised = planned.rows("options_appraisal").set_index("option")
    opened = planned.rows("programme").set_index("option")
    order = appraised["order"].reindex(opened.index).astype(float)
    ranked = opened.assign(order=order).sort_values(["order", "opens"], kind="stable").index
    places = commissioned(planned, planned.years)
    places = places[places["source"] == OPTION]
    for option in ranked:
        one = places[places["scheme"] == option]
        name = str(appraised["name"].get(option, "")) or str(names.get(opened.loc[option, "setting"], ""))
        found.append(Mitigation(f"Option {option}: {name}", one.set_index(["line", "year"])["places"]))
    return found


def _effects(planned: Planned, mitigations: list[Mitigation]) -> pd.DataFrame:
    """What each mitigation adds to a type of setting or takes off: mitigation, year, type, need, phase, children."""
    flows = planned.rows("changes")[[*FLOW, "children"]]
    keys = ["mitigation", "year", "type", "need", "phase"]
    if not len(flows):
        return pd.DataFrame({key: [] for key in [*keys, "children"]})
    filled = _filled(planned, mitigations)
    into = flows.groupby(INTO)["children"].sum()
    left, found = into.copy(), []
    for place, one in enumerate([*mitigations, None]):
        there = left if one is None else filled[place].reindex(into.index).fillna(0.0)
        taken = np.minimum(there, left)
        left = left - taken
        part = (taken / into).rename("part").reset_index()
        moved = flows.merge(part, on=INTO, how="left", validate="many_to_one")
        moved["children"] *= moved["part"]
        words = DIFFERENTLY if one is None else one.words
        gained = moved.assign(type=moved["to_type"], mitigation=words)
        lost = moved.assign(type=moved["from_type"], mitigation=words, children=-moved["children"])
        found.append(pd.concat([gained, lost], ignore_index=True)[[*keys, "children"]])
    return pd.concat(found, ignore_index=True).groupby(keys, as_index=False)[["children"]].sum()


def _filled(planned: Planned, mitigations: list[Mitigation]) -> list[pd.Series]:
    """For each mitigation, the children who fill its places, by the cells and types of the flows. A line's children
    fill the places that are there anyway first, then those of each mitigation in turn; every cell in it alike.
    """
    if not mitigations:
        return []
    lines = planned.rows("occupancy").set_index(["line", "year"])
    more = pd.DataFrame({place: one.places.reindex(lines.index) for place, one in enumerate(mitigations)}).fillna(0.0)
    above = (lines["children"] - (lines["places"] - more.sum(axis=1))).clip(lower=0.0).fillna(0.0)
    placed = planned.rows("placements")
    placed = placed.assign(
        locality=placed["area"].map(planned.localities).fillna(""),
        to_type=lines["type"].reindex(pd.MultiIndex.from_frame(placed[["line", "year"]])).to_numpy(),
    )
    found = []
    for place in range(len(mitigations)):
        fills = np.minimum(above, more[place])
        above = above - fills
        share = (fills / lines["children"].where(lines["children"] > 0)).fillna(0.0)
        of_cell = share.reindex(pd.MultiIndex.from_frame(placed[["line", "year"]])).to_numpy()
        found.append(placed.assign(fills=placed["children"] * of_cell).groupby(INTO)["fills"].sum())
    return found
