"""Who is better and worse off on the screen: journeys and waiting by group, beside doing nothing more."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content import Register
from sufficiency.report.content.figure import Figure
from sufficiency.report.words import DO_NOTHING_MORE, WIDTH, academic_year, columns_of, cut, row_of, sentences

KINDS_OF_GROUP = {
    "locality": "locality",
    "need": "need",
    "phase": "phase",
    "imd_quintile": "fifth of areas by deprivation",
    "rural": "rural or urban areas",
}
FEWEST = 10
"""Children: the mean journey of a smaller group says little."""
NO_CHANGE = 0.05
"""Minutes: a change of the mean below this is none."""
COLUMNS = (("children", 10), ("plan", 8), ("no more", 9), ("longer", 8), ("shorter", 9), ("waiting", 9))


def impact_at_a_glance(summary: dict[str, Any], register: Register) -> list[str]:
    """How many travel longer and shorter than if we do nothing more, and the worst group with its mean journey (and
    that if we do nothing more): a line, after that on the average journey of the same year.
    """
    year = summary["years"][1]
    if f"impact_children.{year}.plan.all.all" not in register:
        return []
    longer, shorter = (register.text(f"impact_{name}.{year}.plan.all.all") for name in ("longer", "shorter"))
    counts = f"  {shorter} over {summary['longer_by_minutes']:.0f} minutes shorter, {longer} longer"
    worst = max(_changes(register, year), key=lambda one: one[1], default=None)
    if worst is None or worst[1] < NO_CHANGE:
        return [f"{counts}; no group worse off on average."]
    ours, others = _minutes(register, worst[0])
    who, figures = f"{counts}; worst off: {_named(summary, worst[0])}", f", {ours} ({others})"
    return [cut(who, WIDTH) if len(who + figures) > WIDTH else who + figures]


def impact_block(summary: dict[str, Any], register: Register) -> list[str]:
    """All children, and of each kind of group the one whose mean journey rises most, or falls least; ten lines."""
    year = summary["years"][1]
    if f"impact_children.{year}.plan.all.all" not in register:
        return []
    label = WIDTH - sum(width for _, width in COLUMNS)
    lines = [
        f"Who is better and worse off in {academic_year(year)} (impact.csv)",
        f"{'  worst off of each kind':<{label}}" + columns_of(*zip(*COLUMNS, strict=True)),
        *_row(register, "all children", next(iter(register.of(f"impact_children.{year}.plan.all"))), label),
    ]
    changes = _changes(register, year)
    for kind in KINDS_OF_GROUP:
        of_kind = [one for one in changes if one[0].row["group"] == kind]
        if len(of_kind) > 1:
            worst = max(of_kind, key=lambda one: one[1])[0]
            lines += _row(register, _named(summary, worst), worst, label)
    by = f"{summary['longer_by_minutes']:.0f} minutes"
    return lines + sentences(
        f"plan, no more: mean minutes one way, in the plan and if we {DO_NOTHING_MORE}; longer, shorter: children "
        f"whose journey changes by over {by}. Groups of {FEWEST} children or more.",
        indent=2,
    )


def _changes(register: Register, year: int) -> list[tuple[Figure, float]]:
    """Every group of a fair size, and by how much its mean journey is longer than if we do nothing more."""
    changes = []
    for figure in register.of(f"impact_children.{year}.plan"):
        if figure.row["group"] == "all" or figure.value < FEWEST:
            continue
        ours, others = (_id("mean_minutes", figure, of) for of in ("plan", "unmitigated"))
        if ours in register and others in register:
            changes.append((figure, register.value(ours) - register.value(others)))
    return changes


def _id(column: str, figure: Figure, projection: str) -> str:
    row = figure.row
    return f"impact_{column}.{row['year']}.{projection}.{row['group']}.{row['value']}"


def _minutes(register: Register, figure: Figure) -> tuple[str, str]:
    return register.text(_id("mean_minutes", figure, "plan")), register.text(_id("mean_minutes", figure, "unmitigated"))


def _row(register: Register, words: str, figure: Figure, label: int) -> list[str]:
    counts = (register.text(_id(column, figure, "plan")) for column in ("longer", "shorter", "awaiting"))
    texts = [figure.text, *_minutes(register, figure), *counts]
    return row_of(words, [columns_of(texts, [width for _, width in COLUMNS])], label)


def _named(summary: dict[str, Any], figure: Figure) -> str:
    """A group in words."""
    group, value = str(figure.row["group"]), str(figure.row["value"])
    if group == "phase":
        return str(summary["labels"]["phases"].get(value, value)).lower()
    if group == "imd_quintile":
        ends = {"1": "the most deprived fifth of areas", "5": "the least deprived fifth of areas"}
        return ends.get(value, f"deprivation fifth {value} of 5" if value.isdigit() else "deprivation not known")
    if group == "rural":
        return {"yes": "rural areas", "no": "urban areas"}.get(value, "rural or urban not known")
    return value
