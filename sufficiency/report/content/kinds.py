"""Every kind of headline figure: what it means, and which cells it is."""

from __future__ import annotations

import pandas as pd

from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.finance.reconcile import too_far
from sufficiency.report.content.figure import TODAY, Kind, Pick, every_row
from sufficiency.result import Result

PLAN, BOTH = ("plan",), ("plan", "unmitigated")


def _first_year(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    first = int(result.summary["years"][0])
    return rows[rows["year"] == first]


def _before_the_override_ends(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["financial_year"] <= LAST_YEAR_OF_OVERRIDE]


def _too_far(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return too_far(rows)


def _most_worth(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    best = {(place["from_year"], place["line"]) for place in result.summary["places_most_worth"]}
    return rows[[place in best for place in zip(rows["year"], rows["line"], strict=True)]]


def _opened(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["part"] > 0]


def _first_of_each_programme(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop_duplicates("programme")


def _by_year(measure: str, meaning: str, unit: str, columns: tuple[str, ...], item: str = "") -> Kind:
    """Cells of `measures.csv`, a row a year; with `item` a row for each of those too."""
    where = {"period": "academic", "measure": measure} | ({} if item else {"item": ""})
    words = f"{meaning}, by {item}" if item else meaning
    return Kind(measure, words, unit, "measures", columns, ("year", *(("item",) if item else ())), where)


def _base_year(measure: str, meaning: str, unit: str, item: str = "", period: str = "academic") -> Kind:
    """The base year's cell, which stands beside every year of the plan: that of the first."""
    where = {"period": period, "measure": measure} | ({} if item else {"item": ""})
    words = f"{meaning}{f', by {item}' if item else ''}, in the base year"
    by = ("year", *(("item",) if item else ()))
    return Kind(measure, words, unit, "measures", (TODAY,), by, where, _first_year)


def _cash(measure: str, meaning: str, item: str = "") -> Kind:
    """Cash of financial years."""
    where = {"period": "financial", "measure": measure} | ({} if item else {"item": ""})
    by = ("year", *(("item",) if item else ()))
    return Kind(measure, f"{meaning}{f', by {item}' if item else ''}", "£", "measures", BOTH, by, where)


def _whole(measure: str, meaning: str, unit: str, columns: tuple[str, ...] = PLAN, item: str = "") -> Kind:
    """A figure of the whole plan; with `item` one for each of those."""
    name = f"{measure}_by_{item}" if item else measure
    where = {"period": "whole", "measure": measure} | ({} if item else {"item": ""})
    words = f"{meaning}, by {item}" if item else meaning
    return Kind(
        name, words, unit, "measures", columns, ("item",) if item else (), where, _with_item if item else every_row
    )


def _with_item(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["item"] != ""]


def _of(table: str, column: str, meaning: str, unit: str, *by: str, name: str = "", pick: Pick = every_row) -> Kind:
    """A column of another table."""
    return Kind(name or f"{table}_{column}", meaning, unit, table, (column,), by, pick=pick)


CHILDREN = (
    ("children", "children who need a specialist place", "children"),
    ("in_state_funded_places", "children in state-funded settings that have a number of places", "children"),
    ("in_places_without_limit", "children in colleges and others without a number of places", "children"),
    ("bought", "children in bought places: independent and non-maintained", "children"),
    ("by_pattern", "children in provision that is never chosen: otherwise than at school", "children"),
    ("awaiting", "children who await a place", "children"),
    ("state_funded_places", "places of state-funded settings, for the children of the demand table", "places"),
    ("state_funded_places_unfilled", "of them, places not filled", "places"),
    ("over_places", "children above the places of their line", "children"),
    ("mean_minutes", "mean journey one way", "minutes"),
    ("over_limit", "children whose journey is beyond the guideline of their phase", "children"),
)
"""Of the plan, of the projection it is compared with, and of the base year."""

PRESENT = "present value in pounds of the first plan year"
KINDS: tuple[Kind, ...] = (
    *(_by_year(*one, BOTH) for one in CHILDREN),
    *(_base_year(*one) for one in CHILDREN),
    _by_year("children_in", "children in settings", "children", BOTH, "type"),
    _base_year("children_in", "children in settings", "children", "type"),
    _by_year(
        "shortfall", "children who wait, are above places, or are bought one for want of a place", "children", PLAN
    ),
    _by_year("free_to_choose", "children who start or change phase and do not go on in their line", "children", PLAN),
    _by_year("directed_elsewhere", "of them, those placed otherwise than today's pattern", "children", PLAN),
    _by_year("preferences_missed", "redirected although the family would ask for it: a full school", "children", PLAN),
    _by_year("empty_beside_bought", "places empty beside a bought child they accept", "places", PLAN),
    _whole("empty_beside_bought", "places empty beside a bought child they accept, all years", "places", item="reason"),
    _cash("spend", "modelled spend in cash", "fund"),
    _cash("overspend", "lines over their budget, added up (gross)"),
    _cash("overspend_net", "all lines: over less under (net)"),
    _of("overspend", "over", "spend less budget of a line", "£", "financial_year", "budget_line", name="over_on_line"),
    *(
        _of("deficit", column, words, "£", "financial_year", "projection")
        for column, words in (
            ("available", "DSG available for high needs"),
            ("spend", "spent on lines that the DSG pays for, other spending included"),
            ("in_year", "available less spent in the year"),
        )
    ),
    *(
        _of("deficit", column, words, "£", "financial_year", "projection", pick=_before_the_override_ends)
        for column, words in (
            ("balance", "DSG balance carried forward, up to 31 March 2028"),
            ("balance_with_grant", "the same with the High Needs Stability Grant"),
        )
    ),
    _whole("stability_grant", "High Needs Stability Grant", "£"),
    _whole("stability_grant_share", "share of the eligible deficit that the grant pays", "share"),
    _whole("least_overspend", "least overspend of any plan, all financial years, nobody more waiting", "£"),
    _whole("least_overspend", "the same", "£", item="line"),
    _whole("overspend_same_lines", "overspend of this plan on the same lines (gross)", "£"),
    _whole("overspend_same_lines", "the same", "£", item="line"),
    _base_year("ledger_modelled", "spend as modelled", "£", period="whole"),
    _base_year("ledger", "spend in the ledger", "£", period="whole"),
    _base_year("ledger_difference", "modelled less ledger", "£", period="whole"),
    _base_year("ledger_difference_share", "the same as a share of the ledger", "share", period="whole"),
    _of("reconciliation", "difference", "lines more than 2 % off their ledger", "£", "budget_line", pick=_too_far),
    _whole("objective", f"cost of the plan with policy weights, {PRESENT}", "£"),
    _whole("policy_weights", f"of it, policy weights, {PRESENT}", "£"),
    _whole("discounted_money", f"money, {PRESENT}", "£", BOTH),
    _whole("bound", f"cost that no plan can undercut, {PRESENT}", "£"),
    _whole("saves_at_most", f"what a cheaper plan could save at most, {PRESENT}", "£"),
    _whole("gap", "the same as a share of what can be decided", "share"),
    _of("programme", "opens", "year in which an option opens", "academic year", "option", "opens"),
    _of("programme", "places", "places it brings when full", "places", "option", "opens"),
    _of("programme", "capital", "its capital with contingency, cash", "£", "option", "opens"),
    *(
        _of("options_appraisal", column, words, "£", "option", pick=_opened)
        for column, words in (
            ("saving", f"saved by an option against the best programme without it, {PRESENT}"),
            ("saving_least", "the least it can be"),
            ("saving_most", "the most it can be"),
        )
    ),
    _whole("programme_capital", "capital of what opens, contingency included, cash", "£"),
    _whole("programme_capital", "the same", "£", item="payer"),
    _whole("programme_places", "places that open", "places"),
    _whole("programme_options", "options that open", "options"),
    _whole("capital_budget", "the capital budget", "£"),
    _whole("more_capital", f"further capital, what it would save ({PRESENT}) and spend", "£", item="figure"),
    *(
        _of("alternatives", column, words, "£", "programme", "option", "opens", pick=_first_of_each_programme)
        for column, words in (
            ("costs_more", f"what the next programmes cost more, {PRESENT}"),
            ("costs_more_least", "the least it can be"),
            ("costs_more_most", "the most it can be"),
        )
    ),
    _of("rules", "limit", "what a policy rule allows", "children or minutes", "rule", "year"),
    _of("rules", "value", "what the plan comes to", "children or minutes", "rule", "year"),
    _of(
        "rules",
        "pounds",
        f"what a limit looser by one would save, or the weight of a breach, {PRESENT}",
        "£",
        "rule",
        "year",
    ),
    _of("rules", "per_point", f"the same for a percentage point, {PRESENT}", "£", "rule", "year"),
    *(
        _of("place_values", column, words, "£", "year", "line", pick=_most_worth)
        for column, words in (
            ("pounds_from", f"what one more place would save from that year on, {PRESENT}"),
            ("net", "the same less its place funding"),
        )
    ),
)
"""In the order of the screen."""
