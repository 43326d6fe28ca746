"""Which tables and columns may be published, and what every column is to somebody who wants to know more."""

from __future__ import annotations

from dataclasses import dataclass

from sufficiency.codes import BOUGHT, STATE_FUNDED

PATTERN = ("eotas", "home_education")
"""Types of provision that is never chosen."""
PLACED = ("state_places", "independent", "by_pattern", "over_places")
"""Columns of `gaps` that together are the children placed."""
WHERE = (*PLACED, "awaiting")
"""Columns of `gaps` that add up to `demand`: each child stands in one."""
SEVERAL = "several"
"""Stands in place of a type of setting where its money is shown together with others."""
NOT_ANNOUNCED = "not announced"
"""Stands in place of a line whose site has not been announced."""


@dataclass(frozen=True)
class Published:
    """A table that is published: `keys` name a row; `counts` are numbers of children, rounded or suppressed; `exact`
    are public already, or money; `steps`: column → the step it is rounded to.
    """

    name: str
    keys: tuple[str, ...]
    counts: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    steps: tuple[tuple[str, float], ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in order."""
        return ("scenario", *self.keys, *self.exact, *self.counts, *(name for name, _ in self.steps))


_SPEND = ("budget_line", "type", "fund")
CATALOGUE: dict[str, Published] = {
    table.name: table
    for table in (
        Published("gaps", ("year", "locality", "need", "phase"), ("demand", *WHERE, "shortfall")),
        Published("area_gaps", ("year", "locality", "area"), ("demand", "shortfall")),
        Published("provision", ("year", "type", "need", "phase"), ("children",)),
        Published("occupancy", ("year", "line", "setting", "type"), ("children",), ("places",)),
        Published("changes", ("year", "from_type", "to_type"), ("children",)),
        Published("journeys", ("year", "type"), steps=(("mean_minutes", 1.0),)),
        Published("measures", ("period", "year", "measure", "item", "unit"), ("today", "plan", "unmitigated")),
        Published("spend", ("year", *_SPEND), exact=("pounds",)),
        Published("spend_financial", ("financial_year", *_SPEND), exact=("pounds",)),
        Published("overspend", ("financial_year", "budget_line"), exact=("budget", "spend", "over")),
        Published(
            "deficit",
            ("financial_year", "projection"),
            exact=("available", "spend", "in_year", "balance", "balance_with_grant"),
        ),
        Published("capital", ("year", "capital_by"), exact=("pounds",)),
        Published("programme", ("option", "setting", "type", "opens"), exact=("places", "capital")),
    )
}
NOTES = "notes"
NOTES_COLUMNS = ("what", "why")

COUNTED: dict[str, tuple[tuple[str, str], ...]] = {
    "children": (("gaps", "demand"),),
    "awaiting": (("gaps", "awaiting"),),
    "over_places": (("gaps", "over_places"),),
    "by_pattern": (("gaps", "by_pattern"),),
    "bought": (("gaps", "independent"),),
    "shortfall": (("gaps", "shortfall"),),
}
"""Measures that are the total of a column of the plan, in words of `measures.csv`."""
STANDALONE = ("over_limit", "free_to_choose", "directed_elsewhere", "preferences_missed")
"""Measures that are numbers of children found in no other published table."""
PLAN_ONLY = frozenset({"shortfall", *STANDALONE[1:]})
"""Measures of the plan alone: neither of doing nothing more nor of the base year."""
MEAN_STEPS = {"mean_minutes": 0.1}
"""Measures that are means, and the step they are rounded to."""
PUBLIC_MEASURES = frozenset({"state_funded_places", "programme_places", "programme_options", "saves_at_most"})
MONEY_MEASURES = frozenset(
    {
        *("spend", "spend_on_line", "overspend", "over_on_line", "overspend_net", "dsg_in_year", "dsg_balance"),
        *("dsg_balance_with_grant", "discounted_money", "cost_avoided", "stability_grant", "stability_grant_share"),
        *("least_overspend", "overspend_same_lines", "programme_capital", "programme_capital_present_value"),
        *("capital_budget", "programme_saves_money", "ledger_modelled", "ledger", "ledger_difference"),
        *("ledger_difference_share",),
    }
)
PUBLIC_MONEY = frozenset({"programme_capital", "programme_capital_present_value", "capital_budget", "ledger"})
"""Of them, those that say nothing of children."""
BY_FINANCIAL_YEAR = ("spend_financial", "overspend", "deficit")
"""Tables of money that mix the children of two academic years."""
TYPE_GROUPS: dict[str, frozenset[str]] = {"in_state_funded_places": STATE_FUNDED}
"""Measures that are the children in some types of settings; `in_colleges_and_others` is the rest."""
OTHERS = "in_colleges_and_others"


def others(types: frozenset[str]) -> frozenset[str]:
    """The types counted as colleges and others."""
    return types - STATE_FUNDED - frozenset(BOUGHT) - frozenset(PATTERN)


LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("placements: children by area, need, phase and line", "cells of single children; lines are shown in total only"),
    ("awaiting, area_gaps by need and phase", "an area is shown with all needs and phases together"),
    ("place_values, options_appraisal, alternatives", "what a place, an option or a closure of one school is worth"),
    ("journeys by area and phase, mean_km", "mean journeys of few children lead to their homes"),
    ("occupancy: over, spare, fill", "they are worked out from the places and the children shown"),
    ("provision: share; measures: share_in", "they are worked out from the children shown"),
    ("changes by locality, need and phase", "cells of single children"),
    ("rules", "their limits are shares of exact numbers of children"),
    ("place_funding, reconciliation, spend: post_16_pounds", "money ÷ a rate gives exact numbers of children"),
    ("gaps: preferences_missed, bought_beside_empty", "cells of single children; preferences_missed is in measures"),
    ("measures: objective, policy_weights, bound, gap", "weights for each child give exact numbers of children"),
    ("programme: name, flags", "they name the school"),
    ("impact, impact_options", "journeys and places of small groups, and of the children an option is for"),
    ("spend_by_area, spend_by_need", "money ÷ what a child costs is a number of children of one area or need"),
    ("range, monitoring", "money and children of the plan with few and with many children, or against a forecast"),
    ("deficit: interest", "it follows from the deficit"),
    ("map: journeys, place values, children who wait by area", "journeys of few children, and values of one school"),
    ("summary, warnings, names and hashes of input files", "they may quote cells of the tables of children"),
    ("spend of a type of bought places with one provider", "it would be that provider's fees; its type is `several`"),
    ("journeys of types of settings with few children", "with the mean of all children they give their number"),
    ("spend of types with few children", f"it stands with that of others as `{SEVERAL}`, or all money is rounded"),
    ("sites not announced", f"their line is `{NOT_ANNOUNCED}`, and their setting is blank"),
    ("statutory returns", "they go to DfE unrounded"),
)
"""What is never published, and why."""
