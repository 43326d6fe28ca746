"""The new base year beside what an older plan said of it, on the screen."""

from __future__ import annotations

from typing import Any

from sufficiency.report.words import WIDTH, academic_year, children, columns_of, millions, row_of, sentences

WORDS = {
    "children": "more or fewer children than planned",
    "mix": "another mix of needs and phases",
    "placement": "other placements than planned",
    "slippage": "planned places that are not there",
    "price": "other prices",
    "no_child": "empty places, running costs of options",
}
WIDTHS = (12, 14)


def against_block(summary: dict[str, Any]) -> list[str]:
    """Why more or less is spent than an older plan said; nothing where none was named."""
    figures = summary.get("against")
    if not figures:
        return []
    label = WIDTH - sum(WIDTHS)
    title = f"{academic_year(figures['year'])} against the plan in {figures['result']}"

    def row(words: str, counted: str, pounds: str) -> list[str]:
        return row_of(words, [columns_of((counted, pounds), WIDTHS)], label)

    lines = [*sentences(title), f"{'':<{label}}" + columns_of(("children", "£ a year"), WIDTHS)]
    lines += row("spent as planned", children(figures["children_planned"]), millions(figures["planned"]))
    for cause, words in WORDS.items():
        one = figures["causes"][cause]
        counted = "" if cause in ("mix", "price", "no_child") else _signed(one["children"])
        lines += row(f"  {words}", counted, _pounds(one["pounds"]))
    lines += row("spent as found", children(figures["children_found"]), millions(figures["found"]))
    return lines + sentences(
        "In this order, each from where the one before ends (against.csv, by need and phase).", indent=2
    )


def _signed(number: float) -> str:
    text = children(abs(number))
    return text if text == "0" else f"{'+' if number > 0 else '−'}{text}"


def _pounds(pounds: float) -> str:
    text = millions(pounds)
    return text if text == "£0" or text.startswith("−") else f"+{text}"
