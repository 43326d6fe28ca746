"""Which districts an authority consists of: itself, or the districts of its county."""

from __future__ import annotations

import csv
from functools import cache

from sufficiency.shipped import reference_file

NEW_CODES: dict[str, str] = {"E08000016": "E08000038", "E08000019": "E08000039"}
"""Barnsley and Sheffield have new ONS codes since 2024; files have the old ones, the new ones or both."""


@cache
def counties() -> dict[str, dict[str, str]]:
    """Districts, code and name, of each county by its code: ONS, Local Authority District to County (April 2021)."""
    by_county: dict[str, dict[str, str]] = {}
    with reference_file("counties.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_county.setdefault(row["county"], {})[row["district"]] = row["name"]
    return by_county


def districts_of(ons_code: str, name: str) -> dict[str, str]:
    """Code and name of the districts of an authority: those of a county, else the authority itself."""
    county = counties().get(ons_code)
    return dict(county) if county else {ons_code: name}


def current_code(code: str) -> str:
    """A district's code as it is today."""
    return NEW_CODES.get(code, code)
