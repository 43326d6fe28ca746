"""Every kind of headline figure: what it means, and which cells it is."""

from __future__ import annotations

import pandas as pd

from sufficiency.finance.reconcile import too_far
from sufficiency.report.content.figure import TODAY, Kind, Pick, every_row
from sufficiency.result import Result

PLAN, BOTH = ("plan",), ("plan", "unmitigated")
CASH, PRESENT = "£ cash", "£ present value"
SHOWN_GROUPS = ("all", "locality", "need", "phase", "imd_quintile", "rural")
"""Groups of `impact.csv` that are who children are, and not where they are placed."""


def _first_year(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    first = int(result.summary["years"][0])
    return rows[rows["year"] == first]


def _too_far(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return too_far(rows)


def _most_worth(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    best = {(place["from_year"], place["line"]) for place in result.summary["places_most_worth"]}
    return rows[[place in best for place in zip(rows["year"], rows["line"], strict=True)]]


def _largest_gap(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.nlargest(1, "shortfall")


def _opened(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["part"] > 0]


def _last_year_by_group(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    last = int(result.summary["years"][1])
    return rows[(rows["year"] == last) & rows["group"].isin(SHOWN_GROUPS)]


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


def _cash(measure: str, meaning: str, item: str = "", period: str = "financial", name: str = "") -> Kind:
    """Cash of financial, or academic, years."""
    where = {"period": period, "measure": measure} | ({} if item else {"item": ""})
    by = ("year", *(("item",) if item else ()))
    words = f"{meaning}{f', by {item}' if item else ''}"
    return Kind(name or measure, words, CASH, "measures", BOTH, by, where)


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
    ("in_state_funded_places", "children in places of state-funded settings", "children"),
    ("in_colleges_and_others", "children in colleges, specialist post-16 and other settings", "children"),
    (
        "bought",
        "children in bought places: independent and non-maintained. Specialist post-16 institutions are not among "
        "them, though section 251 line 1.2.3 pays for all three",
        "children",
    ),
    ("by_pattern", "children in all provision that is never chosen; each type of it is in children_in", "children"),
    ("awaiting", "children who await a place", "children"),
    ("state_funded_places", "places of state-funded settings, for the children of the demand table", "places"),
    ("state_funded_places_unfilled", "of them, places not filled", "places"),
    ("over_places", "children above the places of their line", "children"),
    ("mean_minutes", "mean journey one way of all children placed; EOTAS and home education count as 0", "minutes"),
    ("mean_km", "the same in km", "km"),
    ("over_limit", "children whose journey is beyond the guideline of their phase", "children"),
)
"""Of the plan, of the projection it is compared with, and of the base year."""

KINDS: tuple[Kind, ...] = (
    *(_by_year(*one, BOTH) for one in CHILDREN),
    *(_base_year(*one) for one in CHILDREN),
    _by_year("children_in", "children in settings", "children", BOTH, "type"),
    _base_year("children_in", "children in settings", "children", "type"),
    _by_year("share_in", "the same as a share of all who need a specialist place", "share", BOTH, "type"),
    _by_year(
        "shortfall", "children who wait, are above places, or are bought one for want of a place", "children", PLAN
    ),
    _of(
        "gaps",
        "shortfall",
        "the same in the year, locality, need and phase where it is largest",
        "children",
        *("year", "locality", "need", "phase"),
        pick=_largest_gap,
    ),
    _by_year(
        "free_to_choose",
        "children who enter a line: who start, or change phase and do not go on in their line, or come from a line "
        "that has closed or from waiting. The sum of `entrants` in placements.csv for the year",
        "children",
        PLAN,
    ),
    _by_year(
        "directed_elsewhere",
        "of them, those placed otherwise than today's pattern: for each area, need and phase the entrants × the "
        "pattern's share of a line, less those who enter it, where that is above 0",
        "children",
        PLAN,
    ),
    _by_year("preferences_missed", "redirected although the family would ask for it: a full school", "children", PLAN),
    _by_year("empty_beside_bought", "places empty beside a child who is bought one that costs more", "places", PLAN),
    _whole("empty_beside_bought", "places empty beside a child who is bought one, all years", "places", item="reason"),
    *(
        _of("impact", column, words, unit, "year", "projection", "group", "value", pick=_last_year_by_group)
        for column, words, unit in (
            ("children", "children of a group in the last year, placed or waiting", "children"),
            ("mean_minutes", "their mean journey one way; otherwise than at school counts as 0", "minutes to a tenth"),
            ("awaiting", "of them, those who await a place", "children"),
            ("longer", "of them, those whose journey is longer than if we do nothing more", "children"),
            ("shorter", "of them, those whose journey is shorter", "children"),
        )
    ),
    _cash("spend", "modelled spend of financial years", "fund"),
    _cash("spend", "modelled spend of academic years", "fund", "academic", "spend_academic"),
    _cash("spend_on_line", "modelled spend of financial years", "line"),
    *(
        _by_year(measure, f"spending of academic years on the children of a {of}", CASH, BOTH, "item")
        for measure, of in (("spend_in_locality", "locality"), ("spend_on_need", "need"))
    ),
    *(
        _base_year(measure, f"spending on the children of a {of}", CASH, "item")
        for measure, of in (("spend_in_locality", "locality"), ("spend_on_need", "need"))
    ),
    _cash("overspend", "lines over their budget, added up (gross)"),
    _cash("overspend_net", "all lines: over less under (net)"),
    _of("overspend", "over", "spend less budget of a line", CASH, "financial_year", "budget_line", name="over_on_line"),
    *(
        _of("deficit", column, words, CASH, "financial_year", "projection")
        for column, words in (
            ("available", "DSG available for high needs"),
            ("spend", "spent on lines that the DSG pays for, other spending included"),
            ("in_year", "available less spent in the year"),
            ("balance", "DSG balance carried forward, up to 31 March 2028"),
            ("balance_with_grant", "the same with the High Needs Stability Grant"),
            ("interest", "interest on the deficit, a cost of the General Fund"),
        )
    ),
    _whole("stability_grant", "High Needs Stability Grant", CASH),
    _whole("stability_grant_share", "share of the eligible deficit that the grant pays", "share"),
    _whole(
        "least_overspend",
        "least overspend of any plan (gross), nobody more waiting: cash of all financial years added up, not "
        "discounted",
        CASH,
    ),
    _whole(
        "least_overspend",
        "of it, the overspend of that line in the plan with the least total; another plan may have less on the line",
        CASH,
        item="line",
    ),
    _whole("overspend_same_lines", "overspend of this plan on the same lines (gross), added up alike", CASH),
    _whole("overspend_same_lines", "the same", CASH, item="line"),
    _whole("overspend_same_lines_nothing_more", "overspend on the same lines (gross) if nothing more is done", CASH),
    _whole("overspend_avoided", "of it, what the plan takes off", CASH),
    _whole("overspend_beyond_least", "overspend of this plan on the same lines less the least of any plan", CASH),
    _base_year("ledger_modelled", "spend as modelled", CASH, period="whole"),
    _base_year("ledger", "spend in the ledger", CASH, period="whole"),
    _base_year("ledger_difference", "modelled less ledger", CASH, period="whole"),
    _base_year("ledger_difference_share", "the same as a share of the ledger", "share", period="whole"),
    _of("reconciliation", "difference", "lines more than 2 % off their ledger", CASH, "budget_line", pick=_too_far),
    *(
        _of("monitoring", column, words, CASH, "financial_year", "budget_line")
        for column, words in (
            ("forecast", "what budget monitoring expects to be spent on a line"),
            ("plan", "what the plan has spent on it, other spending included"),
            ("difference", "the plan less the forecast"),
        )
    ),
    _whole(
        "cost_avoided",
        "money that doing nothing more would cost beyond the plan; of capital only what finance.capital_charge charges",
        PRESENT,
    ),
    _whole("discounted_money", "money, without policy weights", PRESENT, BOTH),
    _whole("objective", "cost of the plan: money and policy weights", PRESENT),
    _whole("policy_weights", "of it, policy weights", PRESENT),
    _whole("bound", "cost that no plan can undercut, policy weights included", PRESENT),
    _whole("saves_at_most", "what a cheaper plan could save at most, policy weights included", PRESENT),
    _whole("gap", "the same as a share of what can be decided", "share"),
    _of("programme", "opens", "year in which an option opens", "academic year", "option", "opens", name="option_opens"),
    _of("programme", "places", "places it brings when full", "places", "option", "opens", name="option_places"),
    _of(
        "programme",
        "capital",
        "its capital with contingency, in pounds of the year it opens",
        CASH,
        "option",
        "opens",
        name="option_capital",
    ),
    *(
        _of("options_appraisal", column, words, unit, "option", pick=_opened)
        for column, words, unit in (
            ("capital_present_value", "our own capital in an option, discounted from the year it opens", PRESENT),
            (
                "saving",
                "saved by an option against the best programme without it: money and policy weights",
                PRESENT,
            ),
            ("saving_least", "the least it can be", PRESENT),
            ("saving_most", "the most it can be", PRESENT),
            ("saving_money", "of the saving, money", PRESENT),
            ("saving_money_least", "the least it can be if all that the search left open is money", PRESENT),
            (
                "saves_in_order",
                "saved by an option beside those before it in the order, policy weights included",
                PRESENT,
            ),
            ("saves_in_order_money", "of it, money", PRESENT),
            ("capital_a_place", "its capital with contingency for each place it brings", CASH),
            ("full_year_saving", "saved by an option in the year all its places are there, all funds", CASH),
            ("full_year_dsg", "of it, in the Dedicated Schools Grant", CASH),
            ("break_even", "year by which the saving covers capital_present_value", "academic year"),
            ("break_even_money", "year by which the money saved covers it", "academic year"),
        )
    ),
    _whole("programme_saves", "saved by the programme against opening nothing: money and policy weights", PRESENT),
    _whole("programme_saves_money", "of it, money", PRESENT),
    _whole(
        "placements_save_money",
        "of cost_avoided, what placing children differently saves with nothing opened: the rest is "
        "programme_saves_money",
        PRESENT,
    ),
    _whole(
        "programme_capital",
        "capital of all that opens, contingency included, in pounds of the years it opens in, added up",
        CASH,
    ),
    _whole("programme_capital", "the same", CASH, item="payer"),
    _whole("programme_capital_present_value", "of it, our own, discounted from the year each option opens", PRESENT),
    _whole("programme_places", "places that open", "places"),
    _whole("programme_options", "options that open", "options"),
    _whole("capital_budget", "the capital budget: pounds of the years they are spent in, added up", CASH),
    _whole(
        "more_capital",
        f"further capital (`pounds`, of which `spent`: {CASH}), and what it would save with policy weights and in "
        f"money ({PRESENT})",
        "£",
        item="figure",
    ),
    _whole(
        "in_reach",
        f"the cheapest programme with an option that the plan leaves closed: what it costs more with policy weights "
        f"and in money ({PRESENT}), and the capital lacking to open the option beside all others ({CASH})",
        "£",
        item="figure",
    ),
    *(
        _of("alternatives", column, words, PRESENT, "programme", "option", "opens", pick=_first_of_each_programme)
        for column, words in (
            ("costs_more", "what the next programmes cost more: money and policy weights"),
            ("costs_more_least", "the least it can be"),
            ("costs_more_most", "the most it can be"),
            ("costs_more_money", "of what they cost more, money"),
            ("costs_more_money_least", "the least it can be if all that the search left open is money"),
        )
    ),
    _of("rules", "limit", "what a policy rule allows", "children or minutes", "rule", "year"),
    _of("rules", "value", "what the plan comes to", "children or minutes", "rule", "year"),
    _of(
        "rules",
        "pounds",
        "what a limit looser by one would save, policy weights included, or the weight of a breach",
        PRESENT,
        "rule",
        "year",
    ),
    _of("rules", "per_point", "the same for a percentage point", PRESENT, "rule", "year"),
    *(
        _of("place_values", column, words, unit, "year", "line", pick=_most_worth)
        for column, words, unit in (
            (
                "pounds_from",
                "what one more place would save from that year on, policy weights included: fees, journeys, and place "
                "funding where a filled place is paid less than an empty one",
                PRESENT,
            ),
            ("net", "the same less the funding of the place while it is empty", PRESENT),
            (
                "pounds_a_year",
                "the same amount every year from then on that has the present value pounds_from",
                "£ a year",
            ),
        )
    ),
)
"""In the order of the screen."""

ALSO_IN_MEASURES = {
    "over_on_line": "over_on_line",
    "dsg_in_year": "deficit_in_year",
    "dsg_balance": "deficit_balance",
    "dsg_balance_with_grant": "deficit_balance_with_grant",
}
"""Measure of `measures.csv` that repeats, for comparisons, a figure read from another table: which figure it is."""
