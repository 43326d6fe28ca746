"""Numbers and rows as the screen prints them: whole children, round pounds."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 78
DO_NOTHING_MORE = "do nothing more"
"""What plans are compared with; `unmitigated` in tables."""
EXISTING_COMMITMENTS_ONLY = f"{DO_NOTHING_MORE} (existing commitments only)"
"""The same where it is first spoken of."""


def academic_year(year: int | str) -> str:
    """2026 as `2026/27`; financial years are written the same way."""
    return f"{year}/{(int(year) + 1) % 100:02d}"


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
    """Whole children."""
    return f"{round(number):,}"


def table_of(title: str, years: Sequence[int], rows: list[tuple[str, list[str]]]) -> list[str]:
    """A title with a column a year, and the rows under it; as wide as the screen."""
    label = WIDTH - 10 * len(years)
    head = f"{title:<{label}}" + "".join(f"{academic_year(year):>10}" for year in years)
    body = (f"  {words:<{label - 2}}" + "".join(f"{cell:>10}" for cell in cells) for words, cells in rows)
    return [head, *(line.rstrip() for line in body)]
