"""The words on a map: years, needs and phases, counts that are whole, pounds that are round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sufficiency.codes import NEEDS, PHASE_LABELS, SETTING_TYPES
from sufficiency.report.words import academic_year
from sufficiency.standing import of_summary

if TYPE_CHECKING:
    from sufficiency.report.maps.request import MapRequest
    from sufficiency.result import Result

SMALL = 5
"""Children: a count below this is never shown as a number."""
NAMED = 3
"""Needs or phases named one by one in a subtitle; more are counted."""
BASES: dict[str, dict[str, str]] = {"types": SETTING_TYPES, "needs": NEEDS, "phases": PHASE_LABELS}


def clean(text: object, longest: int = 60) -> str:
    """A name fit for print: no control characters (an SVG may hold none), single spaces, cut to `longest`."""
    printable = "".join(letter if letter.isprintable() else " " for letter in str(text))
    words = " ".join(printable.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def label(result: Result, group: str, code: str) -> str:
    """The words of the model for a code; `group` is `types`, `needs` or `phases`."""
    given = result.summary.get("labels", {}).get(group, {})
    return clean(given.get(code, BASES[group].get(code, code)))


def years_words(years: Sequence[int]) -> str:
    """`2026/27`, `2026/27 to 2035/36`, or `2026/27 and 2030/31`."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{academic_year(years[0])} to {academic_year(years[-1])}"
    return listed([academic_year(year) for year in years])


def selection_words(result: Result, request: MapRequest) -> str:
    """Which children: `All needs · all phases`, or the words for those asked for."""
    needs = _chosen_words(result, "needs", request.needs)
    phases = _chosen_words(result, "phases", request.phases)
    return f"{needs[:1].upper()}{needs[1:]} · {phases}"


def _chosen_words(result: Result, group: str, codes: Sequence[str]) -> str:
    if not codes:
        return f"all {group}"
    if len(codes) <= NAMED:
        return listed([label(result, group, code) for code in codes])
    return f"{len(codes)} {group}: " + clean(", ".join(codes), 90)


def number(children: float) -> str:
    """A count in whole numbers, or `fewer than 5`."""
    return f"{children:,.0f}" if round(children) >= SMALL else f"fewer than {SMALL}"


def children_by_year(counts: Sequence[float]) -> str:
    """Children over the years shown: `412 children`, `between 410 and 530 children a year`; empty where nobody."""
    least, most = min(counts, default=0.0), max(counts, default=0.0)
    if round(most) < 1:
        return ""
    if round(most) >= SMALL and round(least) != round(most):
        low = f"between {number(least)} and" if round(least) >= SMALL else "up to"
        return f"{low} {number(most)} children a year"
    return f"{number(most)} children" + (" a year" if len(counts) > 1 else "")


def pounds(thousands: float) -> str:
    """Thousands of pounds as `£85k` or `£1.25m`."""
    return f"£{thousands:,.0f}k" if thousands < 1000 else f"£{thousands / 1000:,.4g}m"


def source_words(result: Result) -> str:
    """The source line under a map."""
    base = academic_year(result.summary["base_year"])
    return f"{model_words(result.summary)}, planned from {base}.{attributed(result.summary.get('attribution', ''))}"


def attributed(attribution: str) -> str:
    """Whom else to name, as a sentence behind another; blank: nobody."""
    return f" {clean(attribution, 120)}." if attribution else ""


def model_words(summary: Mapping[str, Any]) -> str:
    """Which model and scenario a map shows, and what its data are where they are not an authority's own."""
    scenario = clean(summary["scenario"])
    named = "the model as it stands" if scenario == "base" else scenario
    standing = of_summary(summary)
    made_up = f"{standing.layer}. " if standing else ""
    return f"{made_up}Source: sufficiency, model “{clean(summary['model'])}”, scenario: {named}"
