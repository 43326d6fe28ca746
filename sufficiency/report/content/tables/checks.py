"""Totals that must tie: sums of one table beside sums of another, from other files of the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from sufficiency.report.content.tables.costs import DO_NOTHING, THE_PLAN
from sufficiency.report.content.tables.table import Table
from sufficiency.report.words import academic_year

CHILDREN, POUNDS = 0.01, 1.0
"""What two sums may differ by: results leave out rows under 1e-9 children."""
SMALL_ROWS = 0.5
"""The same where rows that add up to less than half a child are left out."""


@dataclass(frozen=True)
class Sum:
    """The sum of a column of a table in the rows whose cells are as in `where`; `sign` −1: less that."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...] = ()
    sign: int = 1


@dataclass(frozen=True)
class Check:
    """Two figures that must be equal, each a sum of sums."""

    what: str
    when: str
    left: tuple[Sum, ...]
    right: tuple[Sum, ...]
    tolerance: float


def value_of(sums: Iterable[Sum], tables: Mapping[str, Table]) -> float:
    """What sums come to; blank cells count as 0."""
    total = 0.0
    for one in sums:
        rows = tables[one.table].frame
        for column, cell in one.where:
            rows = rows[rows[column] == cell]
        total += one.sign * float(pd.to_numeric(rows[one.column], errors="coerce").sum())
    return total


def ties(check: Check, tables: Mapping[str, Table]) -> bool:
    """Whether the two figures of a check are equal."""
    return abs(value_of(check.left, tables) - value_of(check.right, tables)) <= check.tolerance


def checks_of(tables: Mapping[str, Table]) -> list[Check]:
    """Every check of the tables that are there, by code; a year that a side does not have is not checked."""
    checks = [*_children(tables), *_short(tables), *_money(tables), *_grant(tables), *_options(tables)]
    return [check for check in checks if all(_is_there(one, tables) for one in (*check.left, *check.right))]


def _is_there(one: Sum, tables: Mapping[str, Table]) -> bool:
    """Whether a sum has numbers to add."""
    if one.table not in tables or one.column not in tables[one.table].keys:
        return False
    rows = tables[one.table].frame
    for column, cell in one.where:
        rows = rows[rows[column] == cell]
    return bool(pd.to_numeric(rows[one.column], errors="coerce").notna().any())


def _years(tables: Mapping[str, Table], code: str) -> list[str]:
    """The years that are columns of a table."""
    return [key for key in tables[code].keys if key.isdigit()] if code in tables else []


def _children(tables: Mapping[str, Table]) -> Iterator[Check]:
    for year in _years(tables, "T1"):
        when = academic_year(year)
        needed = (Sum("T1", year),)
        of_plan = "Today" if year == _years(tables, "T1")[0] else "Plan"
        in_all = (Sum("T10a", "children", (("projection", of_plan), ("year", when))),)
        yield Check("Children by phase (T1), and all children (T10a)", when, needed, in_all, CHILDREN)
        yield Check("Children by phase (T1), and by need (T8)", when, needed, (Sum("T8", year),), CHILDREN)
        yield Check("Children by phase (T1), and by locality (T9a)", when, needed, (Sum("T9a", year),), CHILDREN)
        yield Check("Children by locality (T9a), and by area (T9b)", when, *_two("T9a", "T9b", year), CHILDREN)
        by_cell = (Sum("T2", "all", (("year", when),)),)
        yield Check("Children by phase (T1), and by need and phase (T2)", when, needed, by_cell, CHILDREN)
        by_type = (Sum("T3", "all", (("year", when),)),)
        yield Check("Children by phase (T1), and by need and type (T3)", when, needed, by_type, CHILDREN)
        yield Check(
            "Children by phase (T1), and by type under the plan (T7a)", when, *_two("T1", "T7a", year), CHILDREN
        )
        yield Check("Children by phase (T1), and by type, nothing more (T7b)", when, *_two("T1", "T7b", year), CHILDREN)
        travelling = (Sum("T15b", "children", (("year", when),)),)
        placed = (Sum("T7a", year), Sum("T7a", year, (("type", "Awaiting a place"),), sign=-1))
        yield Check("Children placed (T7a), and journeys (T15b)", when, placed, travelling, CHILDREN)
        own = (Sum("T10d", "children", (("year", when),)),)
        yield Check("Children placed (T7a), and in lines (T10d)", when, placed, own, CHILDREN)


def _two(left: str, right: str, column: str) -> tuple[tuple[Sum, ...], tuple[Sum, ...]]:
    return (Sum(left, column),), (Sum(right, column),)


_KEYS = ("locality", "need", "phase", "year", "demand")
"""Columns of T10c that are no part of the children who need a place."""


def _short(tables: Mapping[str, Table]) -> Iterator[Check]:
    for year in _years(tables, "T10b"):
        when = academic_year(year)
        here = (("year", when),)
        plan = (("projection", "Plan"), *here)
        columns = tables["T10c"].keys if "T10c" in tables else []
        needed = (Sum("T10c", "demand", here),)
        parts = tuple(Sum("T10c", part, here) for part in columns if part not in _KEYS)
        yield Check("Children who need a place, and where they are (T10c)", when, needed, parts, CHILDREN)
        short = (Sum("T10a", "shortfall", plan),)
        yield Check("Short in all (T10a), and in full (T10e)", when, short, (Sum("T10e", "shortfall", here),), CHILDREN)
        both = (Sum("T10e", "demand", here),)
        yield Check("Children who need a place (T10c), and in full (T10e)", when, needed, both, CHILDREN)
        yield Check("Short in all (T10a), and by year (T10b)", when, short, (Sum("T10b", year),), SMALL_ROWS)


def _money(tables: Mapping[str, Table]) -> Iterator[Check]:
    for year in _years(tables, "T14c"):
        when = academic_year(year)
        yield Check("Spend by line (T14c), and by type (T14d)", when, *_two("T14c", "T14d", year), POUNDS)
        here = (("financial_year", when),)
        budgeted = (Sum("T14a", "spend", here),)
        funds = tuple(Sum("T14c", year, (("fund", fund),)) for fund in _REVENUE)
        yield Check("Spend on budget lines (T14a), and by line (T14c)", when, budgeted, funds, POUNDS)
        over = (Sum("T14a", "over", here),)
        less = (*budgeted, Sum("T14a", "budget", here, sign=-1))
        yield Check("Over budget, and spend less budget (T14a)", when, over, less, POUNDS)
    for year in _years(tables, "T14e"):
        when = academic_year(year)
        here = (("year", when),)
        spent = (Sum("T12", "both", here),)
        for code, what in (("T14e", "locality"), ("T14f", "need")):
            parts = tuple(Sum(code, year, (("fund", fund),)) for fund in _REVENUE)
            yield Check(f"Spend by type (T12), and by {what} ({code})", when, spent, parts, POUNDS)


_REVENUE = ("DSG", "General Fund")


def _grant(tables: Mapping[str, Table]) -> Iterator[Check]:
    if "T14b" not in tables:
        return
    before = ""
    for when in tables["T14b"].frame["year"]:
        here = (("year", str(when)),)
        for of, who in (("plan", "the plan"), ("unmitigated", "doing nothing more")):
            left = (Sum("T14b", "available", here), Sum("T14b", f"spend:{of}", here, sign=-1))
            gap = (Sum("T14b", f"in_year:{of}", here),)
            yield Check(f"DSG available less spend, and in the year (T14b): {who}", str(when), left, gap, POUNDS)
            if before:
                carried = (Sum("T14b", f"balance:{of}", (("year", before),)), *gap)
                now = (Sum("T14b", f"balance:{of}", here),)
                yield Check(f"DSG carried forward and in the year (T14b): {who}", str(when), carried, now, POUNDS)
        before = str(when)


def _options(tables: Mapping[str, Table]) -> Iterator[Check]:
    whole = (("measure", "programme_saves"),)
    for column, measure in (("saves_in_order", "programme_saves"), ("saves_in_order_money", "programme_saves_money")):
        whole = (("measure", measure),)
        left, right = (Sum("T16b", column),), (Sum("A1", "plan", whole),)
        yield Check(f"Options in order (T16b), and the programme (A1, {measure})", "Whole plan", left, right, POUNDS)
    start, end = (("step", DO_NOTHING),), (("step", THE_PLAN),)
    steps = (Sum("T13c", "pounds"), Sum("T13c", "pounds", end, sign=-1))
    yield Check(
        "From doing nothing more, step by step, and the plan (T13c)",
        "Whole plan",
        steps,
        (Sum("T13c", "pounds", end),),
        POUNDS,
    )
    saved = (Sum("T13c", "pounds", start), Sum("T13c", "pounds", end, sign=-1))
    avoided = (Sum("A1", "plan", (("measure", "cost_avoided"),)),)
    yield Check("Doing nothing more less the plan (T13c), and cost avoided (A1)", "Whole plan", saved, avoided, POUNDS)
