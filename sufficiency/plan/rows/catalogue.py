"""The catalogue of variables and constraints."""

from __future__ import annotations

FAMILIES: dict[str, tuple[str, str, str]] = {
    "enter": ("variable", "children", "Children of a cell who enter a line of places in a year"),
    "wait": ("variable", "children", "Children of a cell who await a place in a year"),
    "redirect": ("variable", "children", "Children whose preference gives way: they would follow today's pattern here"),
    "follow": ("variable", "children", "Children who follow today's pattern where the others like them give way"),
    "over": ("variable", "children", "Children above the places of a line in a year"),
    "breach": ("variable", "children", "Children by which a soft rule is missed in a year"),
    "open": ("variable", "share", "An option opens in a year: 0 or 1, or a share where it may open in part"),
    "overspend": ("variable", "£ thousand", "What a budget line spends above its budget in a financial year"),
    "beyond": ("variable", "children", "Least overspend: children who await a place beyond those of the plan"),
    "demand": ("constraint", "children", "Everyone who starts, returns or waited is placed or waits"),
    "places": (
        "constraint",
        "children",
        "No more children in a line than its places and what may stand above them",
    ),
    "physical": ("constraint", "children", "No more children in a setting than its building holds"),
    "rule": ("constraint", "children", "A policy rule on how many are placed in some types of setting"),
    "local": ("constraint", "children", "At least a share of the children placed within their own locality"),
    "minutes": (
        "constraint",
        "children (minutes beyond the limit ÷ the limit)",
        "The mean journey of a locality's children held under a limit",
    ),
    "fair": (
        "constraint",
        "children (1 is one who waits)",
        "How evenly the journeys of a year are spread (Kolm–Pollak), held under a limit",
    ),
    "fill": ("constraint", "children", "An option that opens is filled to the least share asked of it"),
    "bases": (
        "constraint",
        "children",
        "Children whom a base could take have none of the places that options add to a special or AP line",
    ),
    "closing": ("constraint", "children", "Nobody new in a line that an option closes, or in a copy of it not chosen"),
    "preference": (
        "constraint",
        "children",
        "A preference gives way in a line that may close, or in the copy chosen, where its children are",
    ),
    "once": ("constraint", "share", "An option opens at most once"),
    "closes": ("constraint", "share", "A line closes once, and no option adds to a line that closes"),
    "group": ("constraint", "share", "At most one option of a group opens"),
    "most": ("constraint", "share", "No more options open in all than the model allows"),
    "capital": ("constraint", "£ million", "The capital of the options that open stays within the budget"),
    "budget": ("constraint", "£ thousand", "A budget line in a financial year, from the academic years on both sides"),
    "waiting": ("constraint", "children", "Least overspend: no more children await a place than in the plan"),
}
"""Every family of variables and constraints: what it is, its unit, and a plain sentence."""
