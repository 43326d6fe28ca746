"""Where children are: by need and type, today and to come, and who waits (T3, T5, T6, T7)."""

from __future__ import annotations

import pandas as pd

from sufficiency.codes import AWAITING
from sufficiency.report.content.tables.children import EXPECTED
from sufficiency.report.content.tables.planned import AWAITING_WORDS, Planned
from sufficiency.report.content.tables.table import (
    Colour,
    Column,
    Drawing,
    Series,
    Shape,
    Table,
    Unit,
    columns_by_key,
)
from sufficiency.report.words import academic_year

PROJECTIONS = ("plan", "unmitigated")
SORTS = {
    "in_state_funded_places": "In state-funded places",
    "in_colleges_and_others": "In colleges, specialist post-16 and other settings",
    "bought": "In bought places: independent and non-maintained special schools",
    "children_in": "{type}: never chosen to save money",
    "awaiting": AWAITING_WORDS,
    "children": "All who need a specialist place",
}
"""Measures of `measures.csv` that together are all children, in the order shown; `children_in`: a row for each type of
setting that the plan never chooses and that has children.
"""
NOTHING_MORE = (
    "Do nothing more: existing commitments only. Nothing new is decided, and children go on being placed as today. It "
    "is called unmitigated in the files of the result."
)
NOT_ONE = (
    "Three things are kept apart. EOTAS is education otherwise than at school, written into a plan by the council "
    "(Children and Families Act 2014, section 61). Home education is a parent's choice. Interim education for a child "
    "who is excluded, ill or without a place is owed under section 19 of the Education Act 1996: of children with a "
    "plan, those are among who awaits a place."
)
NOT_NEET = (
    "Young people not in education, employment or training, and children educated at home by their parents' choice, "
    "are shown only where the tables of the model hold them."
)


def placed_today_tables(planned: Planned) -> list[Table]:
    """T3."""
    return [_by_need_and_type(planned)]


def placed_tables(planned: Planned) -> list[Table]:
    """T5, T6 and T7."""
    return [where_placed(planned), _waiting(planned), *(by_type(planned, one) for one in PROJECTIONS)]


def placed_children(planned: Planned) -> pd.DataFrame:
    """Children by year, type of setting (`awaiting`: none), need and phase: of the base year, where its placements are
    given, and of the plan.
    """
    later = [planned.rows("provision")[_KEYS], planned.rows("awaiting").assign(type=AWAITING)[_KEYS]]
    tables = planned.case.tables
    if tables.placements is None or planned.summary["clean_slate"]:
        return pd.concat(later, ignore_index=True)
    kinds = tables.places.drop_duplicates("line").set_index("line")["type"]
    now = tables.placements.assign(type=tables.placements["line"].map(kinds), year=planned.base_year)
    now = now[now["type"].notna()]
    base = planned.demand[planned.demand["year"] == planned.base_year]
    cell = ["area", "need", "phase"]
    needed = base.groupby(cell)["children"].sum()
    waits = needed.sub(now.groupby(cell)["children"].sum(), fill_value=0.0).clip(lower=0.0).reset_index()
    waits = waits.assign(type=AWAITING, year=planned.base_year)
    return pd.concat([now[_KEYS], waits[_KEYS], *later], ignore_index=True)


_KEYS = ["year", "type", "need", "phase", "children"]


def _by_need_and_type(planned: Planned) -> Table:
    placed = placed_children(planned)
    wide = placed.pivot_table(index=["year", "need"], columns="type", values="children", aggfunc="sum").fillna(0.0)
    kinds = [code for code in planned.words["type"] if code in wide and (wide[code] > 0).any()]
    wide = wide[kinds].add_prefix("type:")
    frame = planned.in_words(wide.assign(all=wide.sum(axis=1)).reset_index())
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T3",
        "Need and type of setting",
        "Children by primary need and type of setting: today, then under the plan",
        f"Children. A row is a need in an academic year: {academic_year(planned.base_year)} is as they are placed "
        "today, later years are the plan.",
        "the placements table of the model; provision.csv, awaiting.csv",
        (
            *columns_by_key(year="Academic year", need="Primary need"),
            *(Column(f"type:{code}", planned.word("type", code), Unit.CHILDREN) for code in kinds),
            Column("all", "All", Unit.CHILDREN),
        ),
        frame,
        (EXPECTED,),
    )


def _wide_measure(planned: Planned, name: str, of: str, item: str = "") -> dict[str, float]:
    """A measure by year, today first."""
    rows = planned.measure(name)
    rows = rows[rows["item"] == item].set_index("year")
    now = float(rows["today"].iloc[0]) if len(rows) else float("nan")
    return {str(planned.base_year): now} | {str(year): float(number) for year, number in rows[of].items()}


def _a_column_a_year(planned: Planned) -> str:
    today = f"; {academic_year(planned.base_year)} is today" if planned.knows_base else ""
    return f"Children, a column an academic year{today}."


def where_placed(planned: Planned) -> Table:
    """T5."""
    kinds = set(planned.measure("children_in")["item"])
    never = [kind for kind in planned.words["type"] if kind in planned.model.continuity.by_pattern]
    rows = [
        {
            "projection": planned.word("projection", of),
            "sort": words.format(type=planned.word("type", kind)),
            **_wide_measure(planned, name, of, kind),
        }
        for of in PROJECTIONS
        for name, words in SORTS.items()
        for kind in ([kind for kind in never if kind in kinds] if name == "children_in" else [""])
    ]
    return Table(
        "T5",
        "Where children are",
        "Where children are placed: the plan beside doing nothing more",
        f"{_a_column_a_year(planned)} The last row of each block is the sum of those above it.",
        "measures.csv",
        (*columns_by_key(projection="Projection", sort="Where"), *planned.year_columns(total=False)),
        pd.DataFrame(rows),
        (NOTHING_MORE, EXPECTED, NOT_ONE, "How many are placed in their locality and in the authority: T18a."),
        blank="not known for the base year",
    )


def _waiting(planned: Planned) -> Table:
    kinds = [AWAITING, *planned.case.model.continuity.by_pattern]
    rows = placed_children(planned)
    frame = planned.spread(rows[rows["type"].isin(kinds)], ["type", "need", "phase"])
    return Table(
        "T6",
        "Waiting and not at school",
        "Children awaiting a place, in EOTAS and in home education, by need and phase",
        "Children, a column an academic year; the base year is today, later years are the plan.",
        "the placements table of the model; provision.csv, awaiting.csv",
        (*columns_by_key(type="Where", need="Primary need", phase="Phase"), *planned.year_columns(total=False)),
        planned.in_words(_not_zero(frame)),
        (EXPECTED, NOT_ONE, NOT_NEET),
        nobody="Nobody awaits a place and nobody is in EOTAS or home education, today or in any year.",
    )


def _not_zero(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number other than 0 in some year."""
    years = [name for name in frame if str(name).isdigit()]
    return frame[(frame[years].fillna(0.0) != 0).any(axis=1)].reset_index(drop=True)


def by_type(planned: Planned, of: str) -> Table:
    """T7a, of the plan, and T7b, of doing nothing more."""
    rows = planned.measure("children_in")
    kinds = [kind for kind in planned.words["type"] if kind in set(rows["item"])]
    by_type = [{"type": kind, **_wide_measure(planned, "children_in", of, kind)} for kind in kinds]
    by_type.append({"type": AWAITING, **_wide_measure(planned, "awaiting", of)})
    codes = _not_zero(pd.DataFrame(by_type))
    frame = planned.in_words(codes)
    ordered = [kind for kind in planned.words["type"] if kind in set(codes["type"])]
    code, who = ("T7a", "the plan") if of == "plan" else ("T7b", "doing nothing more")
    columns = planned.year_columns()
    return Table(
        code,
        "Types under the plan" if of == "plan" else "Types doing nothing more",
        f"Children by type of setting: {who}",
        _a_column_a_year(planned),
        "measures.csv",
        (*columns_by_key(type="Type of setting"), *columns),
        frame,
        (EXPECTED,) if of == "plan" else (NOTHING_MORE, EXPECTED),
        drawing=Drawing(
            _bought_words(planned, of),
            f"Children by type of setting and academic year, {who}",
            Shape.STACKED,
            tuple(
                Series(str(words), Colour.TYPE, row=place, kind=kind)
                for place, (kind, words) in enumerate(zip(ordered, frame["type"], strict=True))
            ),
            columns=tuple(column.key for column in columns),
        ),
    )


def _bought_words(planned: Planned, of: str) -> str:
    """What becomes of bought places, as a finding."""
    last, register = planned.years[-1], planned.register
    then = f"{register.text(f'bought.{of}.{last}')} children in bought places in {academic_year(last)}"
    now = register.text("bought.today")
    who = "The plan" if of == "plan" else "Doing nothing more"
    return f"{who}: {then}" + (f", {now} today" if now else "")
