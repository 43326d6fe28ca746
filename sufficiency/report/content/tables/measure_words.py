"""Short words for the measures of `measures.csv`, as the first cell of a row."""

from __future__ import annotations

from sufficiency.report.content.kinds import KINDS

SHORT = {
    "children": "Children who need a specialist place",
    "in_state_funded_places": "Children in state-funded places",
    "in_colleges_and_others": "Children in colleges, specialist post-16 and other settings",
    "bought": "Children in bought places: independent and non-maintained",
    "by_pattern": "Children in provision that is never chosen, each type of which has its own row",
    "awaiting": "Children awaiting a place",
    "state_funded_places": "State-funded places for own children",
    "state_funded_places_unfilled": "State-funded places not filled",
    "over_places": "Children above the places",
    "shortfall": "Children short of a state-funded place",
    "mean_minutes": "Mean journey one way, minutes",
    "mean_km": "Mean journey one way, km",
    "over_limit": "Children beyond the journey guideline",
    "free_to_choose": "Children who enter a line of places",
    "directed_elsewhere": "Of those who enter, placed otherwise than today's pattern",
    "preferences_missed": "Preferences missed: the school is full",
    "empty_beside_bought": "Places empty beside a child who is bought one",
    "children_in": "Children in settings of the type",
    "share_in": "Share of all children in settings of the type",
    "spend": "Modelled spend",
    "spend_on_line": "Modelled spend on the budget line",
    "over_on_line": "Spend less budget of the line",
    "overspend": "Over budget, lines added up (gross)",
    "overspend_net": "Over budget, all lines (net)",
    "dsg_in_year": "DSG available less spent in the year",
    "dsg_balance": "DSG carried forward, up to 31 March 2028",
    "dsg_balance_with_grant": "DSG carried forward with the Stability Grant",
    "discounted_money": "Money of the whole plan, without policy weights",
    "cost_avoided": "Cost avoided against doing nothing more",
    "objective": "Cost of the plan, policy weights included",
    "policy_weights": "Policy weights in that cost",
    "bound": "Cost that no plan can undercut",
    "saves_at_most": "What a cheaper plan could save at most",
    "gap": "What a cheaper plan could save, share of what can be decided",
    "least_overspend": "Least overspend of any plan",
    "overspend_same_lines": "Overspend of this plan on the same lines",
    "overspend_same_lines_nothing_more": "Overspend on the same lines if nothing more is done",
    "overspend_avoided": "Overspend on the same lines that the plan takes off",
    "overspend_beyond_least": "Overspend of this plan beyond the least of any plan",
    "spend_in_locality": "Spend on the children of the locality",
    "spend_on_need": "Spend on the children of the need",
    "placements_save_money": "Saved by placing children differently, nothing opened",
    "ledger_modelled": "Base year as modelled",
    "ledger": "Base year in the ledger",
    "ledger_difference": "Modelled less ledger",
    "ledger_difference_share": "Modelled less ledger, share of the ledger",
    "programme_saves": "Saved by the programme, policy weights included",
    "programme_saves_money": "Saved by the programme, money",
    "programme_capital": "Capital of what opens",
    "programme_capital_present_value": "Our own capital, present value",
    "programme_places": "Places that open",
    "programme_options": "Options that open",
    "stability_grant": "High Needs Stability Grant",
    "stability_grant_share": "Share of the eligible deficit that the grant pays",
    "capital_budget": "Capital budget",
    "more_capital": "If there were more capital",
    "in_reach": "The cheapest programme with an option that stays closed",
}


def measure_words(measure: str) -> str:
    """Short words for a measure; its meaning, and at last its name, where there are none."""
    meanings = {str(kind.where["measure"]): kind.meaning for kind in KINDS if kind.table == "measures"}
    return SHORT.get(measure) or meanings.get(measure, measure)
