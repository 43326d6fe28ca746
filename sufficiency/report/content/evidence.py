"""Evidence that the paper draws from several rows: the steps down to the budget, and children whom no base can meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sufficiency.report.content.beside import PREFERRED, Option
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.story import PLAN, Story
from sufficiency.report.content.workings import CASH, Working

OTHER_PLACEMENTS, PROGRAMME = "other_placements", "programme"
NO_BASE = "no_base"
SAME_LINES = "overspend_same_lines"


def steps_down(story: Story, options: Mapping[str, Option]) -> Iterator[Working]:
    """What takes the overspend from doing nothing more to the plan: other placements in what is committed, then the
    programme. Nothing where doing the minimum is not planned, or there is no budget.
    """
    minimum = options.get("do_minimum")
    lines = {str(one.row["item"]) for one in story.register.of(f"{SAME_LINES}_by_line")}
    least = None if minimum is None else _above(minimum.story, lines)
    nothing, plan = story.get(f"{SAME_LINES}_nothing_more"), story.get(SAME_LINES)
    if nothing is None or plan is None or least is None:
        return
    how = f"over_on_line of do_minimum in measures.csv, the lines of {SAME_LINES}, where above 0, all years added up"
    yield Working(SAME_LINES, "do_minimum", least, CASH, how)
    first, second = nothing.value - least, least - plan.value
    yield Working("step", OTHER_PLACEMENTS, first, CASH, f"{SAME_LINES}_nothing_more less {SAME_LINES} of do_minimum")
    yield Working("step", PROGRAMME, second, CASH, f"{SAME_LINES} of do_minimum less that of the plan")


def _above(story: Story, lines: set[str]) -> float | None:
    """£ above the budget of each of these lines in each year, added up."""
    table = story.frame("measures")
    if table is None:
        return None
    rows = table[(table["measure"] == "over_on_line") & table["item"].isin(lines)]
    return float(rows[PLAN].clip(lower=0.0).sum()) if len(rows) else None


def whom_no_base_can_meet(options: Mapping[str, Option]) -> Iterator[Working]:
    """Children who start or change phase and whom no base could take, all years, by need and phase, the most first."""
    table = next(
        (
            frame
            for key in ("bases_first", PREFERRED)
            if key in options and (frame := options[key].story.frame("bases_first")) is not None
        ),
        None,
    )
    if table is None:
        return
    by = table.groupby(["need", "phase"])["children"].sum().reset_index()
    by = by.sort_values("children", ascending=False, kind="stable")
    for need, phase, children in zip(by["need"], by["phase"], by["children"], strict=True):
        if children >= ONE:
            how = f"bases_first.csv, {need}, {phase}: children of all years"
            yield Working(NO_BASE, f"{need} {phase}", float(children), "children", how)


def why_no_base(options: Mapping[str, Option], need: str, phase: str) -> str:
    """The reason that `bases_first.csv` gives for most of these children."""
    for key in ("bases_first", PREFERRED):
        table = options[key].story.frame("bases_first") if key in options else None
        if table is not None:
            rows = table[(table["need"] == need) & (table["phase"] == phase)]
            return str(rows.groupby("why")["children"].sum().idxmax()) if len(rows) else ""
    return ""
