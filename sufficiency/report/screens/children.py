"""Children and places on the screen: where they are placed, how far they travel, who is placed elsewhere."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content import TODAY, Register
from sufficiency.report.words import DO_NOTHING_MORE, academic_year, columns_of, row_of, sentences, table_of

NEED = ("Children who need a specialist place", "children")
SCHOOLS = (
    ("  in state-funded places", "in_state_funded_places"),
    ("  in colleges and others", "in_colleges_and_others"),
)
OTHERS = (
    ("  awaiting a place", "awaiting"),
    ("  bought: independent, non-maintained", "bought"),
)
PLACES = ("State-funded places", "state_funded_places")
FREE = "children given a new place (they start, change phase and do not stay on, lose their place, or waited)"
"""Who `free_to_choose` counts."""
COLUMN = 9


def places_at_a_glance(register: Register, summary: dict[str, Any]) -> list[str]:
    """Children, where they are placed, and places, in four years; of bought places what doing nothing more would."""
    years = years_shown(summary)
    rows = _rows(register, summary, years, (NEED, *SCHOOLS))
    rows += [*_never_chosen(register, summary, years), *_rows(register, summary, years, OTHERS)]
    nothing_more = [register.text(f"bought.unmitigated.{year}") for year in years]
    rows.append((f"    if we {DO_NOTHING_MORE}", nothing_more))
    return table_of("Children and places", years, [*rows, *_rows(register, summary, years, (PLACES,))], COLUMN)


def places_in_full(register: Register, summary: dict[str, Any]) -> list[str]:
    """The same with what is not filled, above the places, and short."""
    more = (
        PLACES,
        ("  not filled", "state_funded_places_unfilled"),
        ("  children above the places", "over_places"),
        ("Short of a place (see gaps.csv)", "shortfall"),
    )
    years = years_shown(summary)
    rows = _rows(register, summary, years, (NEED, *SCHOOLS))
    rows += [*_never_chosen(register, summary, years), *_rows(register, summary, years, (*OTHERS, *more))]
    return table_of("Places against children", years, rows, COLUMN)


def _never_chosen(register: Register, summary: dict[str, Any], years: list[int]) -> list[tuple[str, list[str]]]:
    """A row for each type that the plan never chooses and has children in: EOTAS is a decision in an EHC plan, home
    education a parent's choice, and they are not added up.
    """
    column = {year: TODAY if year == summary["base_year"] else f"plan.{year}" for year in years}
    rows = []
    for kind in summary["by_pattern_types"]:
        ids = [f"children_in.{column[year]}.{kind}" for year in years]
        if max((register.value(one) for one in ids if one in register), default=0.0) >= 0.5:
            label = summary["labels"]["types"].get(kind, kind)
            rows.append((f"  {label}", [register.text(one) if one in register else "0" for one in ids]))
    return rows


def years_shown(summary: dict[str, Any]) -> list[int]:
    """The base year, the first, middle and last of the plan."""
    first, last = summary["years"]
    return list(dict.fromkeys([summary["base_year"], first, (first + last) // 2, last]))


def _rows(
    register: Register, summary: dict[str, Any], years: list[int], rows: tuple[tuple[str, str], ...]
) -> list[tuple[str, list[str]]]:
    column = {year: TODAY if year == summary["base_year"] else f"plan.{year}" for year in years}
    return [
        (label, [register.text(f"{key}.{column[year]}") or register.text(f"{key}.{year}") for year in years])
        for label, key in rows
    ]


def types_of_setting(summary: dict[str, Any], register: Register) -> list[str]:
    """Children by type of setting and those who wait: today, and in the last year with the plan and without."""
    labels, (_, year), today = summary["labels"]["types"], summary["years"], summary["base_year"]
    planned = {str(one.row["item"]): one.value for one in register.of(f"children_in.plan.{year}")}
    lines = [
        f"{'':<38}{'today':>10}{'plan':>10}{DO_NOTHING_MORE:>18}",
        f"{'Children by type of setting':<38}"
        f"{academic_year(today):>10}{academic_year(year):>10}{academic_year(year):>18}",
    ]
    ids = {
        labels.get(kind, kind): (
            f"children_in.{TODAY}.{kind}",
            *(f"children_in.{of}.{year}.{kind}" for of in ("plan", "unmitigated")),
        )
        for kind in sorted(planned, key=lambda kind: -planned[kind])
    }
    ids["Awaiting a place"] = (f"awaiting.{TODAY}", f"awaiting.plan.{year}", f"awaiting.unmitigated.{year}")
    for label, row in ids.items():
        if max(register.value(name) for name in row) >= 0.5:
            now, then, drift = (register.text(name) for name in row)
            lines += row_of(label, [columns_of((now, then, drift), (10, 10, 18))], 38)
    return lines


def journeys(summary: dict[str, Any], register: Register, *, full: bool) -> list[str]:
    """The mean journey in the last year; in `full` who is beyond the guideline too."""
    last, text = summary["years"][1], register.text
    figures = f"(today {text('mean_minutes.today')}; {DO_NOTHING_MORE} {text(f'mean_minutes.unmitigated.{last}')})"
    planned = f"{text(f'mean_minutes.plan.{last}')} minutes"
    if not full:
        return sentences(f"Average journey in {academic_year(last)}: {planned} one way {figures}.")
    some = any(register.value(f"by_pattern.{of}") >= 0.5 for of in (TODAY, f"plan.{last}", f"unmitigated.{last}"))
    counted = ", EOTAS and home education as 0" if some else ""
    return [
        *sentences(f"Average journey one way in {academic_year(last)}{counted}: {planned} {figures}."),
        *sentences(
            f"Children beyond the journey guideline in {academic_year(last)}: {text(f'over_limit.plan.{last}')} "
            f"({DO_NOTHING_MORE} {text(f'over_limit.unmitigated.{last}')})."
        ),
        *sentences(f"{summary['attribution']}." if summary.get("attribution") else ""),
    ]


def placed_elsewhere(summary: dict[str, Any], register: Register, *, full: bool) -> list[str]:
    """Who of those free to choose is placed otherwise than today's pattern; in `full` whose preference gives way."""
    years = [year for year in years_shown(summary) if f"directed_elsewhere.{year}" in register]
    figures = {
        year: f"{register.text(f'directed_elsewhere.{year}')} of {register.text(f'free_to_choose.{year}')}"
        for year in years
    }
    if not full:
        year = years[0]
        return sentences(
            f"Placed otherwise than today's pattern: {figures[year]} new placements in {academic_year(year)}."
        )
    parts = [f"{academic_year(year)} {text}" for year, text in figures.items()]
    lines = [
        *sentences(f"Placed otherwise than today's pattern, of {FREE}:"),
        *sentences("; ".join(parts), indent=2),
    ]
    missed = [year for year in years if register.value(f"preferences_missed.{year}") >= 0.5]
    if missed:
        parts = [f"{academic_year(year)} {register.text(f'preferences_missed.{year}')}" for year in missed]
        lines += sentences("of them, redirected although the family would ask for it: " + "; ".join(parts), indent=2)
    return lines


def empty_beside_bought(summary: dict[str, Any], register: Register) -> list[str]:
    """Whether a place stands empty while a child it accepts is bought one that costs more, in which years, and why."""
    if sum(one.value for one in register.of("empty_beside_bought")) < 0.5:
        return ["No place stands empty while a child it accepts is bought one that costs more."]
    shown = [year for year in years_shown(summary) if f"empty_beside_bought.{year}" in register]
    parts = [f"{academic_year(year)} {register.text(f'empty_beside_bought.{year}')}" for year in shown]
    why = [f"{one.row['item']}: {one.text}" for one in register.of("empty_beside_bought_by_reason")]
    return [
        *sentences(f"Places empty beside a child they accept who is bought one that costs more: {'; '.join(parts)}"),
        *sentences(f"Why, all years added up: {'; '.join(why)}", indent=2),
    ]
