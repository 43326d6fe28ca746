"""Rooms say how far they are; whoever called draws it, or not."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, str], None]
"""Called with a step ("Solve") and a detail ("20,400 columns, objective £812.4m")."""


def silent(step: str, detail: str = "") -> None:
    """A progress that shows nothing."""
