"""What the plan rests on being able to buy: the price of an independent place, and fees that rise faster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sufficiency.model import Model
from sufficiency.report.content.figure import TODAY
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.workings import CASH, Working

INDEPENDENT = "independent"
TEN_PER_CENT = 0.10
PRICE, GROWTH, FASTER = "independent_price", "independent_growth", "independent_faster"


def stress(story: Story, model: Model) -> Iterator[Working]:
    """The mean price of an independent place; and, children placed as in the plan, what fees that rise by ten per cent
    a year would add, by academic year and in all. Nothing where no child of the plan is in an independent place.
    """
    table = story.frame("spend")
    if table is None:
        return
    rows = table[(table["type"] == INDEPENDENT) & (table["fund"] == "dsg")]
    fees: dict[Any, float] = rows.groupby("year")["pounds"].sum().to_dict()
    for year, name in ((story.base_year, TODAY), *((year, f"{PLAN}.{year}") for year in (story.years[0], story.last))):
        children = story.get(f"children_in.{name}.{INDEPENDENT}")
        if children is not None and children.value >= 0.5 and fees.get(year, 0.0) > 0:
            how = f"spend.csv, {INDEPENDENT}, dsg, {year}, over children_in {INDEPENDENT} in measures.csv"
            yield Working(PRICE, str(year), fees[year] / children.value, CASH, how)
    paid = {year: fees.get(year, 0.0) for year in story.years}
    if sum(paid.values()) < 1:
        return
    growth = model.finance.inflation_of(INDEPENDENT)
    yield Working(GROWTH, "", growth, "share", f"finance.inflation of {INDEPENDENT} in the model file")
    if growth >= TEN_PER_CENT:
        return
    total = 0.0
    for year, pounds in paid.items():
        more = pounds * (((1 + TEN_PER_CENT) / (1 + growth)) ** (year - story.base_year) - 1)
        total += more
        how = f"spend.csv, {INDEPENDENT}, dsg, {year}, × (1.1 / (1 + growth)) ^ years since {story.base_year}, less it"
        yield Working(FASTER, str(year), more, CASH, how)
    yield Working(FASTER, "all_years", total, CASH, "the years above, added up")
