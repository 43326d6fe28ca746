"""What a child costs by type of setting, unit costs as given, and from doing nothing more to the plan (T12, T13)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sufficiency.codes import AWAITING, SETTING_TYPES
from sufficiency.report.content.tables.placed import NOTHING_MORE
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import (
    Colour,
    Column,
    Drawing,
    Omitted,
    Series,
    Shape,
    Table,
    Unit,
    columns_by_key,
)
from sufficiency.report.words import academic_year, millions, present_value

PER_CHILD = (
    "Spend for each child: top-ups or fees, and place funding, in the DSG; journeys in the General Fund. Funding of "
    "empty places, imported and reserved places and running costs of options are in it; capital is not."
)
DO_NOTHING, THE_PLAN = "Do nothing more", "The plan"
CASH = "Pounds are cash of the year, not discounted."


def cost_tables(planned: Planned) -> list[Table | Omitted]:
    """T12 and T13."""
    spend = spend_by_type(planned)
    return [_by_type(planned, spend), _each_year(planned, spend), _as_given(planned), _bridge(planned)]


def spend_by_type(planned: Planned) -> pd.DataFrame:
    """Children and spend by academic year and type: year, type, children, dsg, general_fund, both, dsg_each, each."""
    spent = planned.rows("spend")
    spent = spent[spent["fund"] != "capital"]
    wide = spent.pivot_table(index=["year", "type"], columns="fund", values="pounds", aggfunc="sum")
    wide = wide.reindex(columns=["dsg", "general_fund"]).fillna(0.0)
    wide["children"] = _children(planned)
    wide["both"] = wide["dsg"] + wide["general_fund"]
    some = wide["children"].where(wide["children"] >= 0.5)
    return wide.assign(dsg_each=wide["dsg"] / some, each=wide["both"] / some).reset_index()


def _children(planned: Planned) -> pd.Series:
    """Children by year and type of setting, those who wait too; of the base year today's."""
    rows = planned.measure("children_in").rename(columns={"item": "type"})
    waits = planned.measure("awaiting").assign(type=AWAITING)
    rows = pd.concat([rows, waits], ignore_index=True)
    now = rows[rows["year"] == planned.years[0]].assign(year=planned.base_year, plan=lambda one: one["today"])
    children: pd.Series = pd.concat([rows, now]).set_index(["year", "type"])["plan"]
    return children


def _by_type(planned: Planned, spend: pd.DataFrame) -> Table:
    frame = planned.in_words(spend[["year", "type", "children", "dsg", "general_fund", "both", "dsg_each", "each"]])
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T12",
        "Spend by type",
        "What each type of setting costs, in all and for each child: own provision beside bought places",
        f"A row is a type in an academic year; {academic_year(planned.base_year)} is the base year as modelled, later "
        f"years are the plan. {CASH}",
        "spend.csv, measures.csv",
        (
            *columns_by_key(year="Academic year", type="Type of setting"),
            Column("children", "Children", Unit.CHILDREN),
            Column("dsg", "DSG", Unit.POUNDS),
            Column("general_fund", "General Fund: journeys", Unit.POUNDS),
            Column("both", "Both", Unit.POUNDS),
            Column("dsg_each", "DSG for each child", Unit.POUNDS),
            Column("each", "Both for each child", Unit.POUNDS),
        ),
        frame,
        (PER_CHILD,),
        blank="fewer than half a child",
    )


def _each_year(planned: Planned, spend: pd.DataFrame) -> Table:
    frame = planned.in_words(planned.spread(spend, ["type"], "each", absent=np.nan))
    years = [name for name in frame if name != "type"]
    frame = frame[(frame[years].fillna(0.0) > 0).any(axis=1)].reset_index(drop=True)
    return Table(
        "T13a",
        "Spend for each child",
        "Spend for each child by type of setting and year",
        f"Pounds for each child, DSG and General Fund together, a column an academic year. {CASH}",
        "spend.csv, measures.csv",
        (*columns_by_key(type="Type of setting"), *planned.year_columns(Unit.POUNDS, total=False)),
        frame.replace(0.0, np.nan),
        (PER_CHILD,),
        blank="fewer than half a child",
    )


def _as_given(planned: Planned) -> Table:
    finance = planned.case.model.finance
    rows = planned.case.tables.costs
    kinds = [kind if kind in SETTING_TYPES else "" for kind in rows["type"]]
    frame = pd.DataFrame(
        {
            "type": [planned.word("type", kind) if kind else "Any" for kind in rows["type"]],
            "setting": rows["setting"].to_numpy(),
            "line": rows["line"].to_numpy(),
            "need": [planned.word("need", need) if need else "Any" for need in rows["need"]],
            "phase": [planned.word("phase", phase) if phase else "Any" for phase in rows["phase"]],
            "level": rows["level"].to_numpy(),
            "from_year": [year if year else np.nan for year in rows["from_year"]],
            "per_child": rows["per_child"].to_numpy(),
            "per_place": rows["per_place"].to_numpy(),
            "per_empty_place": rows["per_empty_place"].to_numpy(),
            "budget_line": rows["budget_line"].to_numpy(),
            "place_budget_line": rows["place_budget_line"].to_numpy(),
            "growth": [finance.inflation_of(kind) if kind else np.nan for kind in kinds],
        }
    )
    columns = (
        *columns_by_key(type="Type of setting", setting="Setting", line="Line", need="Need", phase="Phase"),
        *columns_by_key(level="Level"),
        Column("from_year", "From September", Unit.YEAR),
        Column("per_child", "For each child", Unit.POUNDS),
        Column("per_place", "For each place", Unit.POUNDS),
        Column("per_empty_place", "For each empty place", Unit.POUNDS),
        *columns_by_key(budget_line="Budget line", place_budget_line="Budget line of places"),
        Column("growth", "Growth a year", Unit.SHARE),
    )
    return Table(
        "T13b",
        "Unit costs as given",
        "Unit costs that the plan rests on, as given",
        f"A row is a row of the costs table, in pounds of {academic_year(planned.base_year)}. The most specific row "
        "holds.",
        "the costs table and finance.inflation of the model",
        tuple(column for column in columns if (frame[column.key].notna() & (frame[column.key] != "")).any()),
        frame,
        blank="not given, or any",
    )


def _bridge(planned: Planned) -> Table | Omitted:
    """From the money of doing nothing more to that of the plan, in steps that add up."""
    value, register = planned.register.value, planned.register
    if "discounted_money.unmitigated" not in register:
        return Omitted("T13c", "Do nothing more to plan", "the projection has no discounted money")
    start, end = value("discounted_money.unmitigated"), value("discounted_money.plan")
    steps = _steps(planned)
    words = "Placing children differently" + (", with nothing new opened" if steps else "")
    steps.insert(0, (words, end - start - sum(pounds for _, pounds in steps)))
    rows, left = [(DO_NOTHING, start, np.nan, start)], start
    for words, pounds in steps:
        left += pounds
        rows.append((words, pounds, -pounds, left))
    rows.append((THE_PLAN, end, np.nan, end))
    money = present_value(planned.years[0])
    way = "avoids" if end <= start else "costs"
    return Table(
        "T13c",
        "Do nothing more to plan",
        "From doing nothing more to the plan, step by step",
        f"Money of the whole plan without policy weights, {money}. The steps add up from the first row to the last.",
        "measures.csv, options_appraisal.csv",
        (
            *columns_by_key(step="Step"),
            Column("pounds", "Pounds", Unit.POUNDS),
            Column("saved", "Saved by the step", Unit.POUNDS),
            Column("left", "Left after the step", Unit.POUNDS),
        ),
        pd.DataFrame(rows, columns=["step", "pounds", "saved", "left"]),
        (
            NOTHING_MORE,
            "Options are taken in the order in which to commission them, each beside those before it. Capital is in "
            "it only as far as finance.capital_charge charges it.",
        ),
        blank="no step",
        drawing=Drawing(
            f"The plan {way} {millions(abs(end - start))} {'against' if end <= start else 'more than'} doing nothing "
            "more",
            f"Money saved by each step, without policy weights, {money}",
            Shape.COLUMNS,
            (Series("Saved by the step", Colour.PLAN, key="saved"),),
            along="step",
            rows=(1, len(steps)),
            unit=Unit.POUNDS,
        ),
    )


def _steps(planned: Planned) -> list[tuple[str, float]]:
    """What each option that opens changes in the money, in the order to commission; none where not all are known."""
    rows = planned.rows("options_appraisal")
    if not len(rows):
        return []
    opened = rows[rows["part"] > 0].sort_values("order")
    if opened["saves_in_order_money"].isna().any():
        return []
    words = (opened["option"] + " " + opened["name"]).str.strip()
    return list(zip(words, -opened["saves_in_order_money"], strict=True))
