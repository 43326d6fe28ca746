"""Why a cell cannot be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read, and the likely fix."""

    what: str
    fix: str = ""
