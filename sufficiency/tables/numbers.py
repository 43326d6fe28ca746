"""The number in a cell, as people write numbers; and why there is none, with a fix only where that fix is certain."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from sufficiency.problems import share_for
from sufficiency.tables.fault import Fault

if TYPE_CHECKING:
    from sufficiency.tables.schema.columns import Column

LARGEST_NUMBER, MOST_POUNDS_EACH, MOST_CHILDREN, LONGEST_JOURNEY = 1e12, 1e9, 1e5, 1e4
"""Children or places in one cell of a table (an assumption): more is a slip of the pen."""
LONGEST_NUMBER = 40
"""Letters of a cell in which a number is looked for that was meant."""
KM_PER_MILE = 1.609344

_SUPPRESSED = {"c", "x", "z", "*", "..", "low", "supp", "[c]", "[x]", "[z]", "<5", "<10", "<6", "~"}
_NOTHING = {"n/a", "na", "nan", "null", "none", "nil", "-", "–", "—", "."}
_UNKNOWN = {"?", "tbc", "tba", "notknown", "unknown", "varies", "poa", "asneeded", "asrequired"}
_NO_LIMIT = {"nolimit", "unlimited", "nomaximum", "∞"}
_UNIT_WORDS = {
    "children": r"child(ren)?|pupils?|plans?|fte",
    "places": r"places?|fte|commissioned",
    "minutes": r"mins?|minutes?",
    "km": r"kms?|kilomet(re|er)s?",
    "years": r"years?( old)?|yrs?",
    "NCY": r"",
    "£": r"£|gbp|pounds|p\.?a\.?|per (child|pupil|place|year|annum)|a year",
}
"""Words beside a number that say the unit its column has: the number alone is then what is meant."""
_RANGE = re.compile(
    r"\b(under|over|below|above|up to|at least|at most|more than|less than|fewer than|or (more|less|fewer)|and (over|"
    r"under|above|below)|to|about|approx\w*|circa|around|between)\b|[<>~≤≥±+]|^c\.? ?\d|\d ?[–—-] ?\d",
    re.IGNORECASE,
)


def plain_number(text: str, column: Column) -> float | Fault:
    """The number in a cell: plain, with thousands separators or with a pound sign."""
    try:
        number = float(text)
        if math.isfinite(number) and "_" not in text and text.isascii():
            return number
    except ValueError:
        pass
    bare = text.replace("\u2212", "-").replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    bare = re.sub(r"^'?(-?)(?:£|GBP)?(-?)", r"\1\2", bare)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", bare, re.ASCII) and not _split(text):
        number = float(bare)
        if math.isfinite(number):
            return number
    return _not_a_number(text, bare, column)


def age_alone(text: str) -> str:
    """The age or year group of `age 7`, `aged 7`, `7 years old`, `Year 7` or `Reception`; any other text as it is."""
    named = re.fullmatch(
        r"(?:aged?|years?|y|yr|ncy)?\s*(-?\d+(?:\.0+)?)(?:\s*(?:years?|yrs?)(?: old)?)?", text.casefold()
    )
    if named:
        return named[1]
    return "0" if text.casefold() in {"reception", "yr", "r"} else text


def _split(text: str) -> bool:
    """Whether spaces stand in a number elsewhere than between thousands: `12 5` is two numbers, or a slip."""
    return re.search(r"\d\s+\d", text) is not None and not re.search(r"(?<!\d)\d{1,3}(\s\d{3})+(?!\d)", text)


def out_of_range(number: float, column: Column) -> Fault:
    """Why a number cannot stand in its column."""
    if abs(number) > largest(column):
        return Fault("too large to be true", "check the number")
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Fault(f"must be between {low:g} and {high:g}", share_for(number) if high in {1, 5} else "")
    if low is not None and number < low:
        return Fault(f"must be {low:g} or more" if low else "a number below 0", "" if low else "give 0 or more")
    return Fault(f"must be {high:g} or less")


def largest(column: Column) -> float:
    """Beyond what a number of its unit is a slip: children, km or minutes, £ a child, a place or a year."""
    if column.unit in {"children", "places"}:
        return MOST_CHILDREN
    if column.unit in {"km", "minutes"}:
        return LONGEST_JOURNEY
    return MOST_POUNDS_EACH if column.unit.startswith("£/") else LARGEST_NUMBER


def _not_a_number(text: str, bare: str, column: Column) -> Fault:
    word = bare.casefold()
    if re.fullmatch(r"[+-]?(inf|infinity|\d+e\d+)", word):
        return Fault("not a finite number", "leave the cell empty" if column.blank else "give a number")
    if column.name == "places" and (word in _NO_LIMIT or word in _NOTHING):
        zero = "" if word in _NO_LIMIT else "write 0 if there are none; "
        return Fault("not a number", f"{zero}leave the cell empty where there is no limit")
    if word in _NOTHING:
        return Fault("not a number", _where_nothing(column))
    if word in _UNKNOWN:
        return Fault("not a number", "give the number, an estimate where it is not known")
    if word in _SUPPRESSED:
        return Fault("a suppressed figure, not a number", "give an estimate of it")
    return _in_another_form(text, bare, column) or _with_words(text, column)


def _where_nothing(column: Column) -> str:
    """What to do about a word for nothing: an empty cell reads as 0 only where that is the column's default."""
    if column.blank and (column.default == 0 or column.unit not in {"£", "£/child/year", "£/place/year"}):
        return "leave the cell empty"
    if column.blank:
        return "write 0 if it is £0; leave the cell empty if this row gives no rate"
    if column.unit in {"km", "minutes"}:
        return f"give the {column.unit}; where there is no journey, leave the row out"
    return "give the number: 0 only where there are none, an estimate where it is not known"


def _in_another_form(text: str, bare: str, column: Column) -> Fault | None:
    """A number in a form that says which: a percentage, thousands, brackets, a decimal comma, hours, miles."""
    percent = re.fullmatch(r"(-?\d+(?:\.\d+)?)%", bare)
    if percent:
        share = column.unit in {"", "share"} and (column.maximum or 0) in {1, 5}
        return Fault(
            "a percentage, not a number", f"write {float(percent[1]) / 100:g}" if share else _plain_words(column)
        )
    pounds = column.unit.startswith("£")
    thousands = re.fullmatch(r"£?(\d+(?:\.\d+)?)(k|m|mn|million)", bare.casefold())
    if thousands and pounds:
        return Fault("not a number", f"write {float(thousands[1]) * (1e3 if thousands[2] == 'k' else 1e6):.0f}")
    brackets = re.fullmatch(r"\(£?([\d,]+(?:\.\d+)?)\)", bare)
    if brackets and pounds:
        below = column.minimum is None or column.minimum < 0
        written = f"write -{brackets[1].replace(',', '')} for an amount below 0"
        return Fault("not a number", written if below else "write 0 or more: brackets mean an amount below 0")
    if re.fullmatch(r"-?\d+,\d{1,2}", bare):
        return Fault("not a number", f"write {bare.replace(',', '.')}")
    return _journey(text.casefold(), column)


def _journey(word: str, column: Column) -> Fault | None:
    clock = re.fullmatch(r"(?:0 days )?(\d{1,2}):(\d\d):(\d\d)(?:\.0+)?", word)
    if clock and column.unit == "minutes":
        minutes = int(clock[1]) * 60 + int(clock[2]) + int(clock[3]) / 60
        return Fault("a time of day or a duration, not a number of minutes", f"write {minutes:.4g}")
    hours = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:h|hr|hrs|hours?)", word)
    if hours and column.unit == "minutes":
        return Fault("hours, not minutes", f"write {float(hours[1]) * 60:g}")
    miles = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:mi|miles?)", word)
    if miles and column.unit == "km":
        return Fault("miles, not km", f"write {float(miles[1]) * KM_PER_MILE:.4g}")
    return None


def _with_words(text: str, column: Column) -> Fault:
    """A number among words: the number alone where the words are its unit, no fix where they change what it means."""
    if len(text) > LONGEST_NUMBER:
        return Fault("not a number", _plain_words(column))
    if _RANGE.search(text):
        if column.name == "age":
            return Fault("not one age", "put ages in the column age_band, where “under 5” and “20 and over” are read")
        return Fault("not one number", "give one number, an estimate where it is not known")
    if column.unit.startswith("£/") and re.search(
        r"\b(per|a|each) ?(hour|day|week|month|term)|weekly|monthly", text, re.I
    ):
        return Fault("not pounds a year", "give the pounds of a whole year as a number alone")
    inside = re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)
    unit = "£" if column.unit.startswith("£") else column.unit
    words = re.sub(r"-?\d[\d,]*(?:\.\d+)?", " ", text).replace("£", " ").strip(" .*").casefold()
    if len(inside) == 1 and (not words or re.fullmatch(_UNIT_WORDS.get(unit, ""), words)):
        return Fault("not a number", f"write the number alone: {inside[0]}")
    return Fault("not a number", _plain_words(column))


def _plain_words(column: Column) -> str:
    if column.unit == "m":
        return "give metres of the British National Grid, such as 402500"
    if column.unit in {"", "share"} or column.unit.startswith("share"):
        return "write a number, such as 0.5"
    return f"write the {'£' if column.unit.startswith('£') else column.unit} as a number alone, such as 12.5"
