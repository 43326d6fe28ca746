"""What outputs say of data that are not an authority's own: made up, or built from published files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Standing:
    """`code` is the key of a summary; `screen` a line of a screen; `mark` what a map or page is marked with; `layer`
    what QGIS shows of a layer.
    """

    code: str
    screen: str
    mark: str
    layer: str


FICTIONAL = Standing(
    "fictional",
    "FICTIONAL DATA: nobody lives here.",
    "Fictional data",
    "Fictional data: no real place, school or child",
)
ILLUSTRATIVE = Standing(
    "illustrative",
    "Illustrative: built from published data; placements or places are not the council's own.",
    "Illustrative: built from published data",
    "Illustrative: built from published data",
)
STANDINGS = (FICTIONAL, ILLUSTRATIVE)


def keys(standing: Standing | None) -> dict[str, bool | str]:
    """The keys of a summary for a standing, None meaning the authority's own data: a flag each, and `data` in words."""
    return {**{one.code: one is standing for one in STANDINGS}, "data": standing.mark if standing else ""}


def of_summary(summary: Mapping[str, Any]) -> Standing | None:
    """What the summary of a result says of its data; None for an authority's own."""
    return next((one for one in STANDINGS if summary.get(one.code)), None)
