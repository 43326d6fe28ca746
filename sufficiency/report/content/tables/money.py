"""Money: budget lines, the grant and its deficit, spend by line, type, locality and need, the ledger (T14)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from sufficiency.codes import NOT_MODELLED
from sufficiency.report.content.tables.costs import CASH
from sufficiency.report.content.tables.placed import NOTHING_MORE
from sufficiency.report.content.tables.planned import LINES, Planned
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
from sufficiency.report.words import academic_year

NEEDS_BUDGET = "the model gives no budget and other_spend tables, or none for the years of the plan"
OTHER = (
    "Not in the model: spending given in the other_spend table, which the plan does not move. A year without it is not "
    "all spending."
)
ALL_FUNDS = "The total adds up the rows that are shown, capital too: filter the fund to see one alone."
OVERRIDE = (
    "The statutory override on deficits ends on 31 March 2028. What follows is not known, so later years have no "
    "balance."
)


GRANTED = "balance_with_grant"
_GRANT_WORDS = {
    "spend": "spend",
    "in_year": "in the year",
    "balance": "carried forward",
    GRANTED: "carried forward with the grant",
}


def money_tables(planned: Planned) -> list[Table | Omitted]:
    """T14."""
    makers: tuple[Callable[[Planned], Table | Omitted], ...] = (
        lines,
        grant,
        spend,
        spend_by_type,
        _by_locality,
        _by_need,
        _places_paid,
        _ledger,
    )
    return [make(planned) for make in makers]


def lines(planned: Planned) -> Table | Omitted:
    """T14a."""
    if not planned.has("overspend"):
        return Omitted("T14a", "Budget lines", NEEDS_BUDGET)
    frame = planned.in_words(planned.rows("overspend")[["financial_year", LINES, "budget", "spend", "over"]])
    other = planned.measure("over_on_line", "financial").set_index(["year", "item"])["unmitigated"]
    frame["over_unmitigated"] = [
        other.get((year, line), np.nan)
        for year, line in zip(frame["financial_year"], frame["budget_line"], strict=True)
    ]
    frame["words"] = [planned.line_words(line) for line in frame["budget_line"]]
    frame["financial_year"] = [academic_year(year) for year in frame["financial_year"]]
    return Table(
        "T14a",
        "Budget lines",
        "Budget, spend and variance by section 251 line",
        f"A row is a budget line in a financial year, other spending included; below 0 is under budget. {CASH}",
        "overspend.csv, measures.csv",
        (
            *columns_by_key(financial_year="Financial year", budget_line="Budget line", words="What it pays for"),
            Column("budget", "Budget", Unit.POUNDS),
            Column("spend", "Plan: spend", Unit.POUNDS),
            Column("over", "Plan: over budget", Unit.POUNDS),
            Column("over_unmitigated", "Do nothing more: over budget", Unit.POUNDS),
        ),
        frame,
        (NOTHING_MORE, "A line without a budget of its own has a budget of 0."),
        blank="the model knows no words for the line",
    )


def grant(planned: Planned) -> Table | Omitted:
    """T14b."""
    if not planned.has("deficit"):
        return Omitted("T14b", "DSG deficit", NEEDS_BUDGET)
    wide = planned.rows("deficit").pivot_table(
        index="financial_year", columns="projection", values=["available", *_GRANT_WORDS], dropna=False
    )
    frame = pd.DataFrame({"year": wide.index, "available": wide["available", "plan"].to_numpy()})
    for of in ("plan", "unmitigated"):
        for what in _GRANT_WORDS:
            frame[f"{what}:{of}"] = wide[what, of].to_numpy()
    frame["year"] = [academic_year(year) for year in frame["year"]]
    return Table(
        "T14b",
        "DSG deficit",
        "The Dedicated Schools Grant for high needs: available, spent, in the year and carried forward",
        f"A row is a financial year; below 0 is a deficit. {CASH}",
        "deficit.csv",
        (
            *columns_by_key(year="Financial year"),
            Column("available", "Available", Unit.POUNDS),
            *(
                Column(f"{what}:{of}", f"{who}: {words}", Unit.POUNDS)
                for of, who in (("plan", "Plan"), ("unmitigated", "Do nothing more"))
                for what, words in _GRANT_WORDS.items()
            ),
        ),
        frame,
        (
            NOTHING_MORE,
            OVERRIDE,
            "With the grant: the High Needs Stability Grant requires an approved Local SEND Reform Plan, and DfE "
            "decides what is eligible.",
        ),
        blank="not known: no opening balance, no grant, or after 31 March 2028",
        drawing=Drawing(
            _grant_finding(planned),
            "Grant available less spend in the financial year, in cash: the plan beside doing nothing more",
            Shape.COLUMNS,
            (
                Series("Plan", Colour.PLAN, key="in_year:plan"),
                Series("Do nothing more", Colour.NOTHING_MORE, key="in_year:unmitigated"),
            ),
            along="year",
            rows=(0, len(frame) - 1),
            unit=Unit.POUNDS,
        ),
    )


def _grant_finding(planned: Planned) -> str:
    """The in-year gap under the plan in the first and last year, which may be none."""
    years = sorted(planned.rows("deficit")["financial_year"].unique())
    said = []
    for year in dict.fromkeys((years[0], years[-1])):
        text = planned.register.text(f"deficit_in_year.{year}.plan")
        short = planned.register.value(f"deficit_in_year.{year}.plan") < -500
        said.append(f"{text.removeprefix('−')} {'short' if short else 'to spare'} in {academic_year(year)}")
    return f"Under the plan the grant is {' and '.join(said)}"


def spend(planned: Planned) -> Table:
    """T14c."""
    rows = planned.rows("spend_financial").rename(columns={"type": "kind"})
    frame = _by_financial_year(planned, rows, ["fund", "budget_line", "kind"])
    frame = planned.in_words(frame, kind="type")
    return Table(
        "T14c",
        "Spend by line",
        "Spend under the plan by fund, section 251 line and type of setting",
        f"Pounds, a column a financial year. {CASH}",
        "spend_financial.csv",
        (
            *columns_by_key(fund="Fund", budget_line="Budget line", kind="Type of setting"),
            *planned.year_columns(Unit.POUNDS, with_base=False),
        ),
        frame,
        (OTHER, ALL_FUNDS),
        blank="not given for that year",
    )


def _by_financial_year(planned: Planned, rows: pd.DataFrame, index: list[str]) -> pd.DataFrame:
    """Pounds by year; blank rather than 0 where spending that is not modelled is not given."""
    frame = planned.spread(rows, index, "pounds", "financial_year", with_base=False, absent=np.nan)
    years = [str(year) for year in planned.years]
    modelled = frame["kind"] != NOT_MODELLED
    frame.loc[modelled, years] = frame.loc[modelled, years].fillna(0.0)
    return frame


def spend_by_type(planned: Planned) -> Table:
    """T14d."""
    rows = planned.rows("spend_financial").rename(columns={"type": "kind"})
    frame = planned.in_words(_by_financial_year(planned, rows, ["fund", "kind"]), kind="type")
    return Table(
        "T14d",
        "Spend by type and fund",
        "Spend under the plan by fund and type of setting",
        f"Pounds, a column a financial year. {CASH}",
        "spend_financial.csv",
        (
            *columns_by_key(fund="Fund", kind="Type of setting"),
            *planned.year_columns(Unit.POUNDS, with_base=False),
        ),
        frame,
        (OTHER, ALL_FUNDS),
        blank="not given for that year",
    )


NO_CHILD = "Belongs to no child"
WHOSE = (
    f"{NO_CHILD}: empty, imported and reserved places, running costs of options, and capital. Academic years "
    "differ from financial years, of which five twelfths belong to the academic year before."
)


def _by_locality(planned: Planned) -> Table | Omitted:
    if not planned.has("spend_by_area"):
        return Omitted("T14e", "Spend by locality", "the result has no spend_by_area.csv: plan again")
    frame = planned.in_words(planned.spread(planned.rows("spend_by_area"), ["fund", "locality"], "pounds"))
    frame["locality"] = frame["locality"].replace("", NO_CHILD)
    return Table(
        "T14e",
        "Spend by locality",
        "Spend by fund and by the locality children live in",
        f"Pounds, a column an academic year; {academic_year(planned.base_year)} is the base year. {CASH}",
        "spend_by_area.csv",
        (*columns_by_key(fund="Fund", locality="Locality"), *planned.year_columns(Unit.POUNDS)),
        frame,
        (WHOSE, ALL_FUNDS),
    )


def _by_need(planned: Planned) -> Table | Omitted:
    if not planned.has("spend_by_need"):
        return Omitted("T14f", "Spend by need", "the result has no spend_by_need.csv: plan again")
    frame = planned.in_words(planned.spread(planned.rows("spend_by_need"), ["fund", "need", "phase"], "pounds"))
    frame[["need", "phase"]] = frame[["need", "phase"]].replace("", NO_CHILD)
    return Table(
        "T14f",
        "Spend by need",
        "Spend by fund, primary need and phase",
        f"Pounds, a column an academic year; {academic_year(planned.base_year)} is the base year. {CASH}",
        "spend_by_need.csv",
        (*columns_by_key(fund="Fund", need="Primary need", phase="Phase"), *planned.year_columns(Unit.POUNDS)),
        frame,
        (WHOSE, ALL_FUNDS),
    )


def _places_paid(planned: Planned) -> Table:
    frame = planned.in_words(planned.rows("place_funding").rename(columns={"type": "kind"}), kind="type")
    frame["year"] = [academic_year(year) for year in frame["year"]]
    frame["paid_by"] = frame["paid_by"].map({"council": "Council", "dfe": "DfE"}).fillna(frame["paid_by"])
    return Table(
        "T14g",
        "Place funding",
        "What is paid for places, filled or not",
        f"A row is a budget line and a type in an academic year. {CASH}",
        "place_funding.csv",
        (
            *columns_by_key(year="Academic year", budget_line="Budget line", kind="Type of setting"),
            *columns_by_key(paid_by="Paid by"),
            Column("places", "Places", Unit.PLACES),
            Column("empty", "Of them, empty", Unit.PLACES),
            Column("pounds", "Place funding", Unit.POUNDS),
            Column("empty_pounds", "Of it, for empty places", Unit.POUNDS),
            Column("fixed_pounds", "Beside it: running costs of options", Unit.POUNDS),
        ),
        frame,
        ("Places funded by DfE are paid out of the grant before the council gets it.",),
        nobody="No places are funded as places.",
    )


def _ledger(planned: Planned) -> Table | Omitted:
    if not planned.has("reconciliation"):
        return Omitted("T14h", "Ledger", "the budget table has no rows for the base year")
    frame = planned.in_words(planned.rows("reconciliation"))
    frame.insert(1, "words", [planned.line_words(line) for line in frame["budget_line"]])
    year = academic_year(planned.base_year)
    return Table(
        "T14h",
        "Ledger",
        f"The base year {year} as modelled against the council's ledger",
        f"A row is a budget line, in financial year {year}, other spending included. {CASH}",
        "reconciliation.csv",
        (
            *columns_by_key(budget_line="Budget line", words="What it pays for"),
            *(
                Column(name, heading, Unit.POUNDS, total=True)
                for name, heading in (
                    ("model", "As modelled"),
                    ("ledger", "In the ledger"),
                    ("difference", "Difference"),
                    ("academic_year", "Academic year in full"),
                    ("timing", "Timing"),
                )
            ),
        ),
        frame,
        ("Timing: April to August belong to the academic year before, which is estimated.",),
        blank="the model knows no words for the line",
    )
