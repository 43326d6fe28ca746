"""The tables of the Local SEND Reform Plan: plans by age, provision and need, unmitigated and mitigated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sufficiency.codes import AWAITING
from sufficiency.report.content.returns import rows
from sufficiency.report.content.returns.children import NEET, NOT_KNOWN, PROJECTIONS, Counted
from sufficiency.report.content.returns.form import Return, completed
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit
from sufficiency.report.words import academic_year

ACROSS = ("projection", "year")
CALENDAR = (
    "A year of the form is the count of the January after it: 2025 is January 2026, and so academic year 2025/26."
)
BOTH = (
    "Unmitigated: nothing more is done (existing commitments only). Mitigated: the plan. The effect of each mitigation "
    "is in the bridge."
)
NEEDS_NOTE = "The form has no row for Down syndrome: these children count with other difficulties."
NSA = "only pupils on SEN support have this need, and none of them has a plan"
WITH_DOWN = "with children with Down syndrome, for whom the form has no row"
SUPPORT_WHY = "support bases are commissioned by schools: children in them count in mainstream schools or academies"
BOUGHT_WHY = "the model does not say who else pays: all of these placements are in the row of LA funded ones"
OTHERS = "children with a plan who are in none of the plan's places, from the forecast of plans"
HEADINGS = {
    "age_band": "Age",
    "provision": "Provision",
    "need": "Primary need",
    "remainder": "Where",
    "who": "Children",
}
AGES_SHARED = "shared with those not in education by England's proportions at each age (DfE, January 2025)"


class Knows:
    """What the model knows of a year and of a row of a form."""

    def __init__(self, planned: Planned, counted: Counted) -> None:
        self.counted = counted
        self.first, self.last = planned.base_year, planned.years[-1]
        tables = planned.case.tables
        options = tables.options if tables.options is not None else pd.DataFrame({"setting": []})
        kinds = tables.settings.set_index("setting")["type"]
        self.types = {*tables.places["type"], *kinds.reindex(options["setting"]).dropna()}
        self.types |= set(counted.rows["type"])
        self.groups = {ncy for phase in planned.case.model.phase_list for ncy in range(phase.first, phase.last + 1)}

    @property
    def age_note(self) -> str:
        """What stands beside a number by age."""
        return "estimated: phases are split over year groups" if self.counted.estimated else ""

    def why_no_year(self, year: int) -> str:
        """Why a year is blank; nothing where it is known."""
        if year < self.first:
            return f"before the base year of the model, {academic_year(self.first)}"
        return f"the plan ends in {academic_year(self.last)}" if year > self.last else ""

    def why_no_band(self, band: str, age: str) -> str:
        """Why an age band is blank."""
        known = self.counted.are_all or any(rows.band_of(ncy, age) == band for ncy in self.groups)
        return "" if known else "no phase of the model has these ages"

    def why_no_provision(self, provision: str) -> str:
        """Why a row of table 6 is blank."""
        if provision == rows.SUPPORT:
            return SUPPORT_WHY
        if provision == rows.BOUGHT_OTHER:
            return BOUGHT_WHY
        ages = (-1, 5, 12)
        if any(rows.provision_of(kind, ncy) == provision for kind in self.types for ncy in ages):
            return ""
        if self.counted.are_all:
            return "the model has no places of this kind"
        return "the demand table has only children who need a specialist place"


def lsrp_tables(planned: Planned, counted: Counted, age: str) -> list[Return]:
    """Tables 5, 5.1, 6, 7 and 7.1 to 7.7 with what they leave over."""
    knows = Knows(planned, counted)
    found = counted.rows.assign(
        age_band=[rows.band_of(ncy, age) for ncy in counted.rows["ncy"]],
        provision=[rows.provision_of(*one) for one in zip(counted.rows["type"], counted.rows["ncy"], strict=True)],
        table=[rows.table_7_of(*one) for one in zip(counted.rows["type"], counted.rows["ncy"], strict=True)],
        need=counted.rows["need"].map(rows.need_row),
        remainder=[rows.REMAINDERS.get(kind, rows.REMAINDERS["other"]) for kind in counted.rows["type"]],
    )
    found = found[found["year"].isin(list(rows.LSRP_YEARS))]
    return [
        _totals(knows, found),
        _ages(knows, found, age),
        _provision(knows, found),
        _needs(knows, found, "7", "Primary need", "of all children with a plan", (counted.total_words,)),
        *(
            _needs(knows, found[found["table"] == code], code, short, f"in {of}", tuple(_notes(code)), from_rows)
            for code, (short, of, from_rows) in rows.TABLES_7.items()
        ),
        _remainder(knows, found[found["table"] == ""]),
    ]


def _notes(code: str) -> list[str]:
    if code == "7.6":
        return ["Hospital schools are with alternative provision here, and in Other in table 6."]
    if code == "7.7":
        return ["Post-16 places in a base have a row of their own in table 6, and are here and not in 7.3."]
    return []


def _made(
    code: str, name: str, short: str, title: str, keys: tuple[str, ...], frame: pd.DataFrame, *notes: str
) -> Return:
    return Return(
        name=f"lsrp_{name}",
        code=f"LSRP {code}",
        short=short,
        title=title,
        about="Children with a plan, an expected number. A row is a row of the form.",
        source="provision.csv, awaiting.csv, changes.csv and the history of plans",
        keys=("projection", "year", *keys),
        values={"children": Unit.CHILDREN},
        frame=frame,
        across=ACROSS,
        headings=HEADINGS,
        notes=(*notes, BOTH, CALENDAR),
        totals=True,
    )


def age_words(age: str) -> str:
    """Which age a band is about."""
    if age == rows.TURNED:
        return "Age: what a child turns in the academic year, so that Reception is 5 and Year 6 is 11."
    return "Age: at the start of the academic year (31 August), so that Reception is 4 and Year 6 is 10."


def _ages(knows: Knows, found: pd.DataFrame, age: str) -> Return:
    frame = completed(
        found,
        ("projection", "year", "age_band"),
        (PROJECTIONS, rows.LSRP_YEARS, list(rows.BANDS)),
        lambda row: knows.why_no_year(row["year"]) or knows.why_no_band(row["age_band"], age),
        lambda row: knows.age_note,
    )
    title = "Total number of EHC plans by age group"
    notes = (knows.counted.total_words, age_words(age), knows.counted.age_words)
    return _made("5.1", "5_1", "Plans by age", title, ("age_band",), frame, *notes)


def _totals(knows: Knows, found: pd.DataFrame) -> Return:
    """Table 5: who has a plan, and who has a top-up without one, of which the model knows nothing."""
    kinds = ("With an EHC plan", "Receiving top-up funding without an EHC plan")
    frame = completed(
        found.assign(who=kinds[0]),
        ("projection", "year", "who"),
        (PROJECTIONS, rows.LSRP_YEARS, kinds),
        lambda row: (
            "the model has only children with a plan" if row["who"] == kinds[1] else knows.why_no_year(row["year"])
        ),
    )
    title = "Children with EHC plans or receiving top-ups"
    return _made("5", "5", "Plans and top-ups", title, ("who",), frame, knows.counted.total_words)


def _provision(knows: Knows, found: pd.DataFrame) -> Return:
    listed = [*rows.PROVISIONS, *([rows.UNPLACED] if (found["provision"] == rows.UNPLACED).any() else [])]
    frame = completed(
        found,
        ("projection", "year", "provision"),
        (PROJECTIONS, rows.LSRP_YEARS, listed),
        lambda row: knows.why_no_year(row["year"]) or knows.why_no_provision(row["provision"]),
        lambda row: _provision_note(knows, found, row),
    )
    title = "Children with EHC plans by provision"
    return _made("6", "6", "Plans by provision", title, ("provision",), frame, knows.counted.total_words)


def _provision_note(knows: Knows, found: pd.DataFrame, row: Mapping[str, Any]) -> str:
    """What a number of table 6 holds that its row does not say."""
    if row["provision"] == rows.OTHER:
        holds = {"hospital": "hospital schools", AWAITING: "children awaiting a place", NEET: "not in education"}
        there = set(found.loc[found["provision"] == rows.OTHER, "type"])
        said = [words for kind, words in holds.items() if kind in there]
        return f"holds {', '.join(said)}" if said else ""
    if not knows.counted.are_all:
        partly = row["provision"] in (rows.EARLY, rows.MAINSTREAM, rows.POST_16)
        return "only children of the demand table" if partly else ""
    if row["provision"] in (rows.EARLY, rows.MAINSTREAM):
        return f"with {OTHERS}"
    return f"with {OTHERS}; {AGES_SHARED}" if row["provision"] == rows.POST_16 else ""


def need_domain(found: pd.DataFrame) -> list[str]:
    """The rows of needs, with one for needs not recorded where there are any."""
    unknown = (found["need"] == rows.NOT_RECORDED).any()
    return [*rows.FORM_NEEDS.values(), *([rows.NOT_RECORDED] if unknown else [])]


def need_note(row: Mapping[str, Any]) -> str:
    """What a row of a need holds."""
    if row["need"] == rows.FORM_NEEDS["NSA"]:
        return NSA
    return WITH_DOWN if row["need"] == rows.FORM_NEEDS["OTH"] else ""


def _needs(
    knows: Knows,
    found: pd.DataFrame,
    code: str,
    short: str,
    of: str,
    notes: tuple[str, ...],
    from_rows: tuple[str, ...] = (),
) -> Return:
    whys = [knows.why_no_provision(row) for row in from_rows]
    why = whys[0] if whys and all(whys) and found.empty else ""
    frame = completed(
        found,
        ("projection", "year", "need"),
        (PROJECTIONS, rows.LSRP_YEARS, need_domain(found)),
        lambda row: knows.why_no_year(row["year"]) or why,
        need_note,
    )
    title = f"Children with EHC plans by primary need, {of}"
    name = code.replace(".", "_")
    return _made(code, name, short, title, ("need",), frame, *notes, NEEDS_NOTE)


def _remainder(knows: Knows, found: pd.DataFrame) -> Return:
    here = set(found["type"])
    listed = [words for kind, words in rows.REMAINDERS.items() if kind != NOT_KNOWN or NOT_KNOWN in here]
    why = {
        words: "the model has no places of this kind"
        for kind, words in rows.REMAINDERS.items()
        if kind in ("home_education", "eotas") and kind not in knows.types
    }
    if not knows.counted.are_all:
        why[rows.REMAINDERS[NEET]] = "the demand table has only children who need a specialist place"
    frame = completed(
        found,
        ("projection", "year", "remainder", "need"),
        (PROJECTIONS, rows.LSRP_YEARS, listed, need_domain(found)),
        lambda row: knows.why_no_year(row["year"]) or why.get(row["remainder"], ""),
        need_note,
    )
    title, keys = "What tables 7.1 to 7.7 leave over", ("remainder", "need")
    return _made("7 rest", "7_remainder", "Not in 7.1 to 7.7", title, keys, frame, ADDS_UP, NEEDS_NOTE)


ADDS_UP = "Tables 7.1 to 7.7 and these rows add up to table 7. Hospital schools are in 7.6."
