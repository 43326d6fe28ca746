"""Which statutory process an option has to go through, and how long before it opens that has to start.

Sources. Maintained schools: the School Organisation (Prescribed Alterations to Maintained Schools) (England)
Regulations 2013 (SI 2013/3110; before it SI 2007/1289, Sch. 2 Part 3): special provision added to or taken from a
mainstream school; at a special school a change of the type of need, or an increase by 10 % or by 20 pupils, whichever
is the lesser, all increases of five years together. Academies: DfE, Making significant changes to an existing academy
(2024), which asks for an application to add or alter a base, or to change the designation or number of a special
academy. New schools: Education and Inspections Act 2006, s.6A (free school presumption).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.tables import Tables

SHARE, PUPILS, YEARS = 0.10, 20.0, 5
"""An increase by this share, or by this number of pupils if that is less, within these years is a prescribed alteration
of a special school.
"""
LEAD_YEARS = {"alteration": 1, "new school": 2}
"""Assumption: representations, decision and implementation of an alteration take up to a year after the base year, a
new school two (proposals, competition and building; council papers of published schemes show no less).
"""
SPECIAL = ("special_school", "special_free_school", "alternative_provision")
BASE = "resource_base"


@dataclass(frozen=True)
class Flag:
    """One process an option trips: `kind` is a key of `LEAD_YEARS`, `words` for a reader."""

    kind: str
    words: str


def statutory_flags(tables: Tables, option: Any, opens: int, beside: tuple[tuple[Any, int], ...] = ()) -> list[Flag]:
    """What opening an option (a row of the options table) in year `opens` trips. `beside` are other options that open,
    with their years: increases at one school add up over five years.
    """
    settings = tables.settings[["setting", "school", "type", "recouped"]]
    settings = settings.drop_duplicates("setting").set_index("setting")
    school = school_of(settings, option.setting)
    lines = tables.places[tables.places["setting"].map(lambda code: school_of(settings, code)) == school]
    kind = str(settings["type"].get(option.setting, ""))
    process = _process(settings, option.setting, kind)
    flags: list[Flag] = []
    if option.closes_line != "":
        flags.append(Flag("alteration", f"closes provision: {process}"))
    if not option.places > 0:
        return flags
    if kind == BASE and option.line == "" and lines.empty:
        flags.append(Flag("alteration", f"adds special provision to a mainstream school: {process}"))
    elif kind == BASE and _is_academy(settings, option.setting, kind):
        flags.append(Flag("alteration", "alters a base of an academy: significant change"))
    if kind not in SPECIAL:
        return flags
    if lines.empty:
        return [*flags, Flag("new school", "new school: free school presumption (s.6A)")]
    designated = {need for needs in lines["needs"] for need in needs}
    if option.line == "" and set(option.needs) - designated:
        new = " ".join(sorted(set(option.needs) - designated))
        flags.append(Flag("alteration", f"change of type of need ({new}): {process}"))
    before, more = _increase(settings, lines, school, option, opens, beside)
    if more >= min(SHARE * before, PUPILS) - 1e-9:
        words = f"+{more:g} on {before:g} places within {YEARS} years (10 % or 20 pupils): {process}"
        flags.append(Flag("alteration", words))
    return flags


def school_of(settings: pd.DataFrame, code: str) -> str:
    """The school whose places count: the parent of a satellite, else the setting itself."""
    parent = settings["school"].get(code, "")
    return str(parent) if parent else code


def _is_academy(settings: pd.DataFrame, code: str, kind: str) -> bool:
    return kind == "special_free_school" or bool(settings["recouped"].get(code, False))


def _process(settings: pd.DataFrame, code: str, kind: str) -> str:
    if _is_academy(settings, code, kind):
        return "significant change"
    return "prescribed alteration; significant change if an academy"


def _increase(
    settings: pd.DataFrame,
    lines: pd.DataFrame,
    school: str,
    option: Any,
    opens: int,
    beside: tuple[tuple[Any, int], ...],
) -> tuple[float, float]:
    """Places of the school five years before (in its first known year, where that is later), and how many more there
    are once the option is full: lines as planned, this option, and others of the last five years.
    """
    first = max(opens - YEARS, int(lines["from_year"].min()))
    before, now = (_places_in(lines, year) for year in (first, opens))
    more = max(now - before, 0.0) + float(option.places)
    for other, year in beside:
        same = other.option != option.option and school_of(settings, other.setting) == school
        if same and opens - YEARS < year <= opens and other.places > 0:
            more += float(other.places)
    return before, more


def _places_in(lines: pd.DataFrame, year: int) -> float:
    past = lines[lines["from_year"] <= year].sort_values("from_year", kind="stable")
    held = past.drop_duplicates("line", keep="last")
    return float(np.nansum(held["places"].to_numpy(dtype=float)))
