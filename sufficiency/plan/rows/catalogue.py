"""The catalogue of variables and constraints: each once, with its number, symbol, unit, equation and meaning.

`docs/reference/mathematics.md` is made from it; the names of columns and rows in an LP file begin with these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notation:
    """Variables or constraints of one kind. `symbol`: of the variable, or of the price of the constraint. `indices`:
    for which years, cells, lines and so on there is one. `equation`: the bounds of a variable, or the constraint.
    """

    number: int
    symbol: str
    unit: str
    indices: str
    equation: str
    meaning: str


VARIABLES: dict[str, Notation] = {
    "enter": Notation(
        1, "x[t,c,l]", "children", "years t, arcs (c, l)", "x ≥ 0", "Children of a cell who enter a line of places"
    ),
    "wait": Notation(2, "w[t,c]", "children", "years t, cells c", "w ≥ 0", "Children of a cell who await a place"),
    "redirect": Notation(
        3,
        "d[t,c,l]",
        "children",
        "years t, arcs (c, l) that today's pattern uses, where l has a limit",
        "0 ≤ d ≤ x̂[t,c,l]; x ≥ x̂ − d",
        "Children whose preference gives way: they would follow today's pattern here",
    ),
    "follow": Notation(
        4,
        "x̂[t,c,l] − d[t,c,l]",
        "children",
        "as `redirect`, where the prices at hand turn the preference down",
        "0 ≤ x̂ − d ≤ x̂[t,c,l]",
        "Children who follow today's pattern where others like them give way: `redirect` counted from its other end",
    ),
    "over": Notation(
        5,
        "v[t,l]",
        "children",
        "years t, lines l with a number of places",
        "0 ≤ v ≤ V[t,l]",
        "Children above the places of a line",
    ),
    "breach": Notation(
        6,
        "z[t,r]",
        "children",
        "years t, soft rules r; committed options with a smallest fill",
        "z ≥ 0",
        "Children by which a rule, or the fill of a committed option, is missed",
    ),
    "open": Notation(
        7,
        "y[t,o]",
        "share",
        "options o, years t in which o may open",
        "y ∈ {0, 1}; 0 ≤ y ≤ 1 where the option is scalable",
        "An option opens in a year: 0 or 1, or a share where it may open in part",
    ),
    "overspend": Notation(
        8,
        "e[t,b]",
        "£ thousand",
        "financial years t with a budget, budget lines b",
        "e ≥ 0",
        "What a budget line spends above its budget in a financial year",
    ),
    "beyond": Notation(
        9,
        "u[t]",
        "children",
        "years t; least overspend only",
        "u ≥ 0",
        "Children who await a place beyond those of the plan",
    ),
}
"""Every family of variables."""

CONSTRAINTS: dict[str, Notation] = {
    "demand": Notation(
        1,
        "λ[t,c]",
        "children",
        "years t, cells c",
        "Σ_l ( x[t,c,l] + carry[t,c⁻] · stock[t−1,c⁻,l] ) + w[t,c] = "
        "entrants[t,c] + stay[t,c] · w[t−1,c] + returned[t,c]",
        "Everyone who starts, returns from a line that closed, or waited is placed or waits",
    ),
    "places": Notation(
        2,
        "π[t,l]",
        "children",
        "years t, open lines l with a number of places",
        "Σ_c stock[t,c,l] − v[t,l] ≤ P[t,l] + Σ_{o adds to l} Σ_{s≤t} places[t,s,o] · y[s,o]",
        "No more children in a line than its places and what may stand above them",
    ),
    "physical": Notation(
        3,
        "ρ[t,s]",
        "children",
        "years t, settings s whose building has a limit",
        "Σ_{l in s} Σ_c stock[t,c,l] ≤ "
        "max( physical[s] − imported[t,s], b[t,s] ) + Σ_{o in s} Σ_{q≤t} rooms[t,q,o] · y[q,o]",
        "No more children in a setting than its building holds",
    ),
    "rule": Notation(
        4,
        "μ[t,r]",
        "children",
        "years t in which rule r holds",
        "Σ_{c in scope} Σ_{l of types} stock[t,c,l] − z[t,r] ≤ α · Σ_{c in scope} N[t,c]; "
        "at least: both sides negative",
        "How many children are placed in some types of setting: a share of those forecast, or a number",
    ),
    "local": Notation(
        5,
        "μ[t,r]",
        "children",
        "years t in which rule r holds",
        "− Σ_{c in scope} Σ_{l in the locality of c} stock[t,c,l] − z[t,r] ≤ − α · Σ_{c in scope} N[t,c]",
        "At least a share of the children are placed within their own locality",
    ),
    "minutes": Notation(
        6,
        "μ[t,r]",
        "children (minutes beyond the limit ÷ the limit)",
        "years t, localities of rule r",
        "Σ_{c in locality} Σ_l ( m[c,l] / L − 1 ) · stock[t,c,l] + Σ_c max( M[c] / L − 1, 0 ) · w[t,c] − z[t,r] ≤ 0",
        "The mean journey of a locality's children stays within L minutes",
    ),
    "fair": Notation(
        7,
        "μ[t,r]",
        "children (1 is one who waits)",
        "years t in which rule r holds",
        "Σ_{c,l} g(m[c,l]) · stock[t,c,l] + Σ_c w[t,c] − z[t,r] ≤ g(E) · Σ_c N[t,c], g(m) = (e^κm − 1) / (e^κM − 1)",
        "How evenly journeys are spread (Kolm–Pollak): the fair journey stays within E minutes",
    ),
    "fill": Notation(
        8,
        "ν[t,o]",
        "children",
        "options o with a smallest fill, years t in which o may be open",
        "− Σ_c stock[t,c,o] − z[t,o] ≤ − fill[o] · Σ_{s≤t} places[t,s,o] · y[s,o]",
        "An option that opens is filled to the least share asked of it; only one that is committed may miss it (z)",
    ),
    "bases": Notation(
        9,
        "π′[t,l]",
        "children",
        "years t, special and AP lines l to which an option adds, under `bases_first`",
        "Σ_{c with a base in reach} stock[t,c,l] ≤ P[t,l] + V[t,l]",
        "Children whom a base could take have none of the places that options add to a special or AP line",
    ),
    "closing": Notation(
        10,
        "π″[t,l]",
        "children",
        "years t, lines l that an option may close, and their copies l(q), one for each closing year q",
        "Σ_c stock[t,c,l] ≤ H[t,l] · ( 1 − Σ_q y[q] ); Σ_c stock[t,c,l(q)] ≤ H[t,l] · y[q]",
        "Nobody new in a line that an option closes, or in a copy of it that is not chosen; H: the most it ever holds",
    ),
    "preference": Notation(
        11,
        "–",
        "children",
        "years t, arcs (c, l) as `redirect`, lines that may close and their copies",
        "d[t,c,l] ≤ x̂[t,c,l] · ( 1 − Σ_q y[q] ); d[t,c,l(q)] ≤ x̂[t,c,l] · y[q]",
        "A preference gives way in a line that may close, or in the copy chosen, where its children are",
    ),
    "once": Notation(12, "–", "share", "options o", "Σ_t y[t,o] ≤ 1", "An option opens at most once"),
    "closes": Notation(
        13,
        "–",
        "share",
        "lines l that an option may close",
        "Σ_{o closes l or adds to l} Σ_t y[t,o] ≤ 1",
        "A line closes once, and no option adds to a line that closes",
    ),
    "group": Notation(14, "–", "share", "groups G", "Σ_{o in G} Σ_t y[t,o] ≤ 1", "At most one option of a group opens"),
    "most": Notation(
        15, "–", "share", "one", "Σ_o Σ_t y[t,o] ≤ open_at_most", "No more options open in all than the model allows"
    ),
    "capital": Notation(
        16,
        "–",
        "£ million",
        "one",
        "Σ_o Σ_t capital[o] · y[t,o] ≤ capital_budget",
        "The council's own capital for the options that open stays within the budget; not discounted",
    ),
    "budget": Notation(
        17,
        "μ[t,b]",
        "£ thousand",
        "financial years t with a budget, budget lines b",
        "Σ_{c,l} ( n · £[t,c,l,b] · stock[t,c,l] + (1 − n) · £[t−1,c,l,b] · stock[t−1,c,l] ) − e[t,b] ≤ "
        "budget[t,b] − other[t,b] − fixed[t,b]",
        "A budget line in a financial year, from the academic years on both sides; n = 7/12, after 16 8/12",
    ),
    "waiting": Notation(
        18,
        "μ[t]",
        "children",
        "years t; least overspend only",
        "− Σ_{c,l} stock[t,c,l] − u[t] ≤ Σ_c w*[t,c] − Σ_c N[t,c]",
        "No more children await a place than in the plan, w*",
    ),
    "committed": Notation(
        19,
        "–",
        "share",
        "options o in `rules.committed`, s the year of each",
        "− y[s,o] ≤ −1",
        "A committed option opens in its year; it has no other",
    ),
}
"""Every family of constraints."""
