"""A council's own counts of children in place of estimates: where each child is, with which need, from which home."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sufficiency.codes import NEEDS, SCHOOL_PHASES, UNKNOWN_AREA, academic_year
from sufficiency.problems import InputError, Problem
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import OLDEST, YOUNGEST
from sufficiency.sources.published.placements import TYPE_OF
from sufficiency.sources.published.plans import Plans
from sufficiency.starter.open_data.lines import GROUP_OF, Lines
from sufficiency.starter.open_data.needs import GROUPS, NEED_CODES, PHASES, Children, phase_of
from sufficiency.starter.open_data.placing import Placed

_GROUP_OF_CODE = {"OLA": "eotas", "EHE": "home_education", "EYP": "early_years"}
"""SEN2's codes of placements without a URN that are demand."""
_NO_DEMAND = {
    "OPA": "in arrangements by parents",
    "NEET": "not in education, employment or training",
    "NIEC": "with a notice to cease",
    "NIEO": "not in education",
    "OTH": "at a place that is not named",
    "": "without a placement",
}
FAR_FEWER = 0.9
"""Share of the published plans below which counts are taken to be unfinished."""
_SHOWN = 8


@dataclass(frozen=True)
class OwnCounts:
    """`children`: a row for each combination with `need, area, age, group` (blank: no demand), `urn, part, children`;
    `settings` of the schools they name, as `Schools.settings` with `in_area`; `file` they came from; `notes`.
    """

    children: pd.DataFrame
    settings: pd.DataFrame
    file: str
    notes: tuple[Problem, ...]


def own_counts(counts: pd.DataFrame, download: Download, schools: pd.DataFrame, areas: frozenset[str]) -> OwnCounts:
    """Counts as `deidentify` writes them, each in its group of placements. `schools`: the establishments they name, of
    Get Information about Schools. Raises InputError for a URN that is not among them.
    """
    type_of = dict(zip(schools["urn"], schools["type"], strict=True))
    urn_of = dict(zip(schools["ukprn"], schools["urn"], strict=True))
    by_ukprn = counts["ukprn"].map(lambda code: urn_of.get(code, "") if code else "")
    urn = counts["urn"].where(counts["urn"].ne(""), by_ukprn)
    lost = counts[urn.ne("") & ~urn.isin(type_of)]
    if len(lost):
        raise InputError(_not_known(lost, download.called))
    kind = urn.map(lambda code: type_of.get(code, ""))
    at_mainstream = kind.eq("resource_base")
    part = np.select(
        [at_mainstream & counts["resourced_provision"].eq("yes"), at_mainstream & counts["sen_unit"].eq("yes")],
        ["resourced provision", "SEN unit"],
        "",
    )
    ordinary = at_mainstream & (part == "")
    of_school = kind.map(lambda code: GROUP_OF.get(code, "")).mask(ordinary, "")
    of_code = counts["sen_setting"].map(lambda code: _GROUP_OF_CODE.get(code, ""))
    group = of_school.where(urn.ne(""), of_code).mask(urn.eq("") & counts["ukprn"].ne(""), "college")
    home = counts["area"].where(counts["area"].isin(areas), UNKNOWN_AREA)
    children = pd.DataFrame(
        {
            "need": counts["need"],
            "area": home,
            "age": (counts["year_group"] + 4).clip(YOUNGEST, OLDEST),
            "group": group,
            "urn": urn,
            "part": part,
            "children": counts["children"],
        }
    )
    named = children.loc[group.ne("") & urn.ne(""), ["urn", "part"]].drop_duplicates()
    used = schools.merge(named, on=["urn", "part"], validate="one_to_one")
    notes = [*_notes(counts, children, ordinary, download.called)]
    return OwnCounts(children, used, download.called, tuple(notes))


def _not_known(lost: pd.DataFrame, file: str) -> list[Problem]:
    what = "this URN is of no establishment in the file of Get Information about Schools"
    fix = "download the establishments of the whole of England, with those that are closed"
    rows = lost.drop_duplicates("urn")
    shown = [Problem(what, file, int(str(row)), "urn", str(urn), fix) for row, urn in rows["urn"].head(_SHOWN).items()]
    rest = rows.iloc[_SHOWN:]
    if len(rest):
        shown.append(Problem(what, file, int(str(rest.index[0])), "urn", fix=fix, count=len(rest)))
    return shown


def _notes(counts: pd.DataFrame, children: pd.DataFrame, ordinary: pd.Series[bool], file: str) -> list[Problem]:
    """What is not demand for a specialist place, and which homes are not known."""
    number = children["children"]
    nowhere = children["group"].eq("") & children["urn"].eq("")
    said = {
        f"are {what}: in the history, not in demand": nowhere & counts["sen_setting"].eq(code)
        for code, what in _NO_DEMAND.items()
    }
    other = children["urn"].ne("") & children["group"].eq("") & ~ordinary
    said["are at schools of other kinds (nursery, independent mainstream): in the history, not in demand"] = other
    said["live in no area of this authority, or their home is not known: counted under the area “unknown”"] = children[
        "group"
    ].ne("") & children["area"].eq(UNKNOWN_AREA)
    return [
        Problem(f"{int(number[rows].sum()):,} children {what}", file, severity="warning")
        for what, rows in said.items()
        if rows.any()
    ]


def fewer_than_published(plans: Plans, own: OwnCounts) -> list[Problem]:
    """A warning where the own counts hold far fewer children than the last plans published."""
    counted, published = int(own.children["children"].sum()), float(plans.totals.get(plans.year, 0.0))
    if counted >= FAR_FEWER * published:
        return []
    what = f"{counted:,} children are counted, and DfE published {published:,.0f} plans for {academic_year(plans.year)}"
    return [Problem(what, own.file, fix="see that the return was read whole", severity="warning")]


def with_own_counts(plans: Plans, own: OwnCounts, year: int, file: str) -> Plans:
    """The published plans, with the own count of the January after September `year` as the last. Raises InputError
    where the counts are older than the published plans.
    """
    if year < plans.year:
        what = f"the counts are of {year}, and published plans go on to {plans.year}"
        raise InputError([Problem(what, file, fix="make the counts from your newest return")])
    rows = own.children
    by_need = _table(rows, "need", "age").reindex(index=NEED_CODES, fill_value=0.0)
    by_age = rows.groupby("age")["children"].sum().astype(float)
    demand = rows[rows["group"].ne("")]
    history = pd.DataFrame({"year": year, "age": by_age.index, "plans": by_age.to_numpy()})
    totals = plans.totals[plans.totals.index < year]
    return replace(
        plans,
        year=year,
        by_type=demand.groupby("group")["children"].sum().astype(float).reindex(GROUPS, fill_value=0.0),
        by_age=_table(demand, "age", "group").reindex(columns=GROUPS, fill_value=0.0),
        total_by_age=by_age,
        need_by_type=_table(demand, "need", "group").reindex(index=NEED_CODES, columns=GROUPS, fill_value=0.0),
        need_by_age=by_need,
        history=pd.concat([plans.history[plans.history["year"] < year], history], ignore_index=True),
        totals=pd.concat([totals, pd.Series({year: float(by_age.sum())})]),
    )


def _table(rows: pd.DataFrame, index: str, columns: str) -> pd.DataFrame:
    floats = rows.astype({"children": float})
    return floats.pivot_table(index=index, columns=columns, values="children", aggfunc="sum", fill_value=0.0)


def children_of_own(own: OwnCounts) -> Children:
    """The children in placements that are demand, as counted."""
    rows = own.children[own.children["group"].ne("")]
    counts = np.zeros((len(GROUPS), len(NEED_CODES), len(PHASES)))
    where = (
        rows["group"].map(GROUPS.index).to_numpy(int),
        rows["need"].map(NEED_CODES.index).to_numpy(int),
        rows["age"].map(phase_of).to_numpy(int),
    )
    np.add.at(counts, where, rows["children"].to_numpy(float))
    return Children(counts, 0.0, "", ())


def place_own(own: OwnCounts, lines: Lines) -> tuple[Placed, Lines]:
    """Each child where it is, and the lines with the phases of the children there. Without a school named, in the pool
    of its group.
    """
    rows = own.children[own.children["group"].ne("")]
    table = lines.rows
    pools = table[table["pool"]].set_index("group")["line"]
    named = table[~table["pool"]].set_index(["urn", "part"])["line"]
    of_school = named.reindex(pd.MultiIndex.from_frame(rows[["urn", "part"]])).to_numpy()
    line = pd.Series(of_school, rows.index).where(rows["urn"].ne(""), rows["group"].map(pools))
    phase = rows["age"].map(lambda age: PHASES[phase_of(int(age))])
    counted = (
        rows.assign(line=line, phase=phase).groupby(["line", "area", "need", "phase"], sort=True)["children"].sum()
    )
    placed = counted.reset_index()[["area", "need", "phase", "line", "children"]]
    by_line = placed.groupby("line")["children"].sum().reindex(table["line"], fill_value=0).to_numpy(float)
    there = placed.groupby("line")["phase"].agg(set)
    widened = [
        " ".join(phase for phase in SCHOOL_PHASES if phase in {*str(taken).split(), *there.get(name, set())})
        for name, taken in zip(table["line"], table["phases"], strict=True)
    ]
    return Placed(placed, by_line), replace(lines, rows=table.assign(phases=widened))


assert set(_GROUP_OF_CODE.values()) <= set(TYPE_OF)
assert set(NEEDS) == set(NEED_CODES)
