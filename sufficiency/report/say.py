"""Years and pounds as a planner says them."""

from __future__ import annotations


def academic_year(year: int | str) -> str:
    """2026 as `2026/27`."""
    return f"{year}/{(int(year) + 1) % 100:02d}"


def millions(pounds: float) -> str:
    """£ in millions to one place, as `£86.5m`; below a million in thousands."""
    sign = "−" if pounds < 0 else ""
    if abs(pounds) >= 999_500:
        return f"{sign}£{abs(pounds) / 1e6:,.1f}m"
    return f"{sign}£{abs(pounds) / 1e3:,.0f}k"
