"""Numbers and rows as the screen prints them: whole children, round pounds."""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign
from textwrap import shorten, wrap

from sufficiency.codes import academic_year as academic_year

WIDTH = 78
DO_NOTHING_MORE = "do nothing more"
"""What plans are compared with; `unmitigated` in tables."""
EXISTING_COMMITMENTS_ONLY = f"{DO_NOTHING_MORE} (existing commitments only)"
"""The same where it is first spoken of."""


def millions(pounds: float) -> str:
    """£ in millions to one place, as `£86.5m`; below a million in thousands."""
    sign = "−" if pounds <= -500 else ""
    if abs(pounds) >= 999_500:
        return f"{sign}£{abs(pounds) / 1e6:,.1f}m"
    return f"{sign}£{abs(pounds) / 1e3:,.0f}k" if abs(pounds) >= 500 else "£0"


def present_value(first_year: int) -> str:
    """What money is that was discounted: pounds of the first plan year, as `present value, 2026/27 pounds`."""
    return f"present value, {academic_year(first_year)} pounds"


def children(number: float) -> str:
    """Whole children; a half is one more, as spreadsheets show it."""
    return f"{int(number + copysign(0.5, number)):,}"


def columns_of(cells: Sequence[str], widths: Sequence[int] | int) -> str:
    """Cells to the right of their columns, each parted from the one before it however long it is."""
    each = [widths] * len(cells) if isinstance(widths, int) else widths
    return "".join(f" {cell:>{width - 1}}" for cell, width in zip(cells, each, strict=True))


def table_of(title: str, years: Sequence[int], rows: list[tuple[str, list[str]]], column: int = 10) -> list[str]:
    """A title with a column a year, and the rows under it; as wide as the screen. Long words go on below."""
    label = WIDTH - column * len(years)
    head = f"{title:<{label}}" + columns_of([academic_year(year) for year in years], column)
    return [head, *(line for words, cells in rows for line in row_of(words, [columns_of(cells, column)], label))]


def row_of(words: str, cells: Sequence[str], width: int) -> list[str]:
    """A row of a table: words in `width` characters, then its cells; words that do not fit go on below, indented."""
    inset = " " * (len(words) - len(words.lstrip()) + 2)
    parts = wrap(
        words.strip(),
        width,
        initial_indent=inset,
        subsequent_indent=f"{inset}  ",
        break_on_hyphens=False,
    )
    first, *more = parts or [""]
    return [f"{first:<{width}}{''.join(cells)}".rstrip(), *more]


def cut(words: str, width: int) -> str:
    """Words within `width` characters: whole ones, then …, where they do not all fit."""
    whole = shorten(words, width, placeholder="…")
    return whole if len(whole) > 1 or len(words) <= 1 else f"{words[: width - 1]}…"


def sentences(*texts: str, indent: int = 0) -> list[str]:
    """Texts, a line or more each, within the screen; what goes on below stands two further in."""
    inset = " " * indent
    return [
        line
        for text in texts
        for line in wrap(text, WIDTH, initial_indent=inset, subsequent_indent=inset + ("  " if indent else ""))
    ]


def listed(names: Sequence[str]) -> str:
    """`A, B and C`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
