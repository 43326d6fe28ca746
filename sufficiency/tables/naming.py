"""Codes that name a row of another table: by the code, or by a name that only one row has; and what a code that names
none may be.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from sufficiency.problems import did_you_mean, is_code, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ONS = {
    "E00": "output areas",
    "E01": "LSOAs",
    "E02": "MSOAs",
    "E04": "parishes",
    "E05": "wards",
    "E06": "unitary authorities",
    "E07": "districts",
    "E08": "metropolitan districts",
    "E09": "London boroughs",
    "E10": "counties",
    "E14": "constituencies",
}
"""Entities by the beginning of their ONS codes (Register of Geographic Codes)."""
_MOST_NAMED = 6


def as_read(name: str) -> str:
    """A name without what the eye passes over: case, spaces, signs that are not seen."""
    visible = "".join(sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(visible.split()).casefold()


def spelled(values: pd.Series[str], known: Iterable[str], names: Sequence[str] = ()) -> pd.Series[str]:
    """`values` with the spelling of `known` where only the case differs, and with its code where a value is a name
    (`names`, one for each code) that only one of them has; the same object where nothing changes.
    """
    codes = list(known)
    strange = (~values.isin(codes) & (values != "")).to_numpy()
    if not strange.any():
        return values
    meant = _by_name(codes, names) | {code.casefold(): code for code in reversed(codes)}
    listed = set(codes)

    def spell(value: str) -> str:
        if value == "" or value in listed:
            return value
        return meant.get(value.casefold()) or meant.get(as_read(value)) or value

    return values.map({value: spell(value) for value in values.unique()}).astype("str")


def _by_name(codes: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The code of each name that one code alone has."""
    meant: dict[str, str] = {}
    shared: set[str] = set()
    for code, name in zip(codes, names, strict=False):
        plain = as_read(name)
        if meant.setdefault(plain, code) != code:
            shared.add(plain)
    return {name: code for name, code in meant.items() if name and name not in shared}


def unknown_code(value: str, known: Sequence[str], names: Sequence[str] = ()) -> str:
    """What to do about a code that names nothing: another only where that is certain, else what may have happened."""
    alike = [code for code, name in zip(known, names, strict=False) if as_read(name) == as_read(value)]
    if len(alike) > 1:
        return f"several have this name: give the code, one of {', '.join(alike[:_MOST_NAMED])}"
    bare = value.lstrip("0")
    zeros = [code for code in known if code.lstrip("0") == bare and bare.isdigit() and code.isdigit()]
    if len(zeros) == 1:
        return f"did you mean {shown(zeros[0])}? Zeros at the beginning were lost or added"
    kind = _ONS.get(value[:3].upper()) if re.fullmatch(r"[A-Za-z]\d{8}", value) else None
    if kind:
        return _other_boundaries(value, kind, known)
    if not is_code(value):
        near = nearest(value, [*known, *names])
        code = dict(zip(names, known, strict=False)).get(near or "", near)
        if near and code != near:
            return f"did you mean {shown(near)}? Its code is {code}"
        return did_you_mean(value, known)
    if near := nearest(value, known):
        return f"did you mean {shown(near)}?"
    return _another_register(value, known)


def _other_boundaries(value: str, kind: str, known: Sequence[str]) -> str:
    starts = {code[:3].upper() for code in known if re.fullmatch(r"[A-Za-z]\d{8}", code)}
    if starts and value[:3].upper() not in starts:
        there = ", ".join(sorted(_ONS.get(start, f"{start}…") for start in starts))
        return f"this is a code of {kind}, the known ones are of {there}: use the same kind everywhere"
    if not starts:
        return f"this is an ONS code of {kind}, the known codes are others, such as {known[0]}" if known else ""
    return f"it may be of another year's boundaries, as {kind} are changed with every census or review: convert it"


def _another_register(value: str, known: Sequence[str]) -> str:
    if re.fullmatch(r"\d{3}/?\d{4}", value) and not any(re.fullmatch(r"\d{3}/?\d{4}", code) for code in known):
        return "this looks like a school's DfE number (authority and establishment): give the code of the table, as URN"
    if re.fullmatch(r"1\d{7}", value) and not any(re.fullmatch(r"1\d{7}", code) for code in known):
        return "this looks like a UKPRN: give the code of the table, such as the URN"
    if not known:
        return ""
    if len(known) <= _MOST_NAMED:
        return f"check its digits, or add it; known are {', '.join(known)}"
    return "check its digits, or add it: no known code differs from it in case, spaces or zeros alone"
