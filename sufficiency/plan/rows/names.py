"""Names of columns and rows that an LP file can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any


def lp_names(values: Sequence[Any]) -> list[str]:
    """Names fit for an LP file, one for each value and no two alike."""
    names: list[str] = []
    taken: set[str] = set()
    for index, value in enumerate(values):
        name = re.sub(r"[^A-Za-z0-9_]", "_", str(value))[:60] or "_"
        names.append(name if name not in taken else f"{name}_{index}")
        taken.add(names[-1])
    return names
