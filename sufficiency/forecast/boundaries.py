"""Changes of the boundaries of English local authorities that break a history, and how a history crosses them.

The changes are in `reference/boundary_changes.toml`, each by name, by ONS code and by DfE number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sufficiency.shipped import reference_file


@dataclass(frozen=True)
class Succession:
    """Authorities (by position) before and after a change; `first_year` is the first count after it. `same`: nothing
    but the code has changed.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    first_year: int
    same: bool


def successions(authorities: Sequence[str]) -> list[Succession]:
    """The changes of which all that were before, and one at least of those after, are among these authorities."""
    position = {_plain(name): row for row, name in enumerate(authorities)}
    changes = []
    for change in _changes():
        before = tuple(position[name] for one in change["before"] for name in map(_plain, one) if name in position)
        after = tuple(position[name] for one in change["after"] for name in map(_plain, one) if name in position)
        if after and len(before) == len(change["before"]):
            changes.append(Succession(before, after, int(change["first_year"]), bool(change.get("same", False))))
    return changes


@cache
def _changes() -> list[dict[str, Any]]:
    document = tomllib.loads(reference_file("boundary_changes.toml").read_text(encoding="utf-8"))
    return list(document["change"])


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("&", " and ").replace(",", " ").split())
