"""The small bars beside a headline figure: the plan above doing nothing more."""

from __future__ import annotations

from markupsafe import Markup

from sufficiency.report.content.exhibit import Headline
from sufficiency.report.page.charts.svg import element

LONG = 150.0


def headline_bars(headline: Headline) -> Markup:
    """Two bars from nothing; none where there is nothing to compare with."""
    if headline.unmitigated is None:
        return Markup("")
    plan, nothing = abs(headline.plan.value), abs(headline.unmitigated.value)
    most = max(plan, nothing)
    if most <= 0:
        return Markup("")
    bars = (
        element("rect", x=0, y=0, width=max(LONG * plan / most, 1), height=7, class_="bar plan"),
        element("rect", x=0, y=10, width=max(LONG * nothing / most, 1), height=7, class_="bar nothing"),
    )
    return element("svg", *bars, viewBox=f"0 0 {LONG:.0f} 17", class_="mini", aria_hidden="true", focusable="false")
