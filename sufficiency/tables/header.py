"""The first row of a table: which column is which, and what was meant by those that are not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from sufficiency.codes import normal_code
from sufficiency.problems import Problem, shown
from sufficiency.tables.layout import plain_heading
from sufficiency.tables.words import COLUMN_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sufficiency.tables.schema.columns import TableSpec

_SIMILAR = 75.0
"""Of 100: `childern` and `children` are 88, `name` and `area_name` are 62."""
_SHORTEST_CUT = 6
"""Letters of a name that is the beginning of one known name."""
_TURNED = {"year", "number"}
"""Kinds of the two columns that come of turning years that stand across."""
_YEAR = re.compile(r"(?:fy|ay)?\s*(?:19|20)\d\d(?:\s*[/–-]\s*\d{2,4})?\b.{0,12}", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"\((?:£\s*)?(?:'?0?00'?s?|k|m|mn|thousands?|millions?|%|per ?cent|miles?|hours?|hrs?|seconds?)\)"
)


def match_header(names: Sequence[str], spec: TableSpec, file: str) -> tuple[list[str], list[Problem]]:
    """The names as the catalogue spells them (others as they are), and what is wrong with the header.

    Errors are columns that are missing or there twice: the table cannot be used then. Warnings are columns
    that are ignored but look like one of the catalogue's.
    """
    matched, problems = _matched(names, spec, file)
    problems += _twice(matched, file)
    absent = [column for column in spec.columns if column.name not in matched]
    others = [name for name in matched if name not in spec.names]
    required = [column.name for column in spec.columns if column.required]
    missing = [column.name for column in absent if column.required]
    if len(required) > 1 and len(missing) == len(required) and not any(_meant(name, missing) for name in others):
        what = f"the first row does not hold the column names of {spec.name}"
        return matched, [Problem(what, file, 1, mend=f"put them in the first row: {', '.join(required)}")]
    claimed: set[str] = set()
    across = _years_across(others, missing, spec, file)
    problems += across
    for name in missing if not across else [name for name in missing if spec.column(name).kind not in _TURNED]:
        written = next((other for other in others if other not in claimed and _meant(other, [name])), None)
        if written is not None:
            claimed.add(written)
        mend = (
            f"did you mean {shown(written)}? Rename it {name}"
            if written
            else f"add the column: {spec.column(name).meaning}"
        )
        problems.append(Problem(f"the column {name} is missing", file, mend=mend))
    optional = [column.name for column in absent if not column.required]
    for written in others:
        meant = _meant(written, optional) if written not in claimed else None
        if meant is not None:
            what = f"{spec.name} has no column of this name; it is ignored"
            problems.append(Problem(what, file, column=written, mend=f"did you mean {meant}?", severity="warning"))
    return matched, problems


def _matched(names: Sequence[str], spec: TableSpec, file: str) -> tuple[list[str], list[Problem]]:
    """The names as the catalogue spells them, also where a unit, a footnote or a line break stands in them; a Problem
    where the unit is another one.
    """
    known = {normal_code(name): name for name in spec.names}
    there = {normal_code(name) for name in names} & set(known)
    matched: list[str] = []
    problems: list[Problem] = []
    for name in names:
        code, plain = normal_code(name), plain_heading(name)
        if code in known or plain not in known or plain in there:
            matched.append(known.get(code, name))
            continue
        matched.append(known[plain])
        unit = _OTHER_UNIT.search(name.casefold())
        if unit:
            said = unit[0].strip(" ()")
            wanted = spec.column(known[plain]).unit or "plain numbers"
            what, mend = f"the heading says {said}", f"give {wanted} and call the column {known[plain]}"
            problems.append(Problem(what, file, column=name, mend=mend))
    return matched, problems


def _years_across(others: Sequence[str], missing: Sequence[str], spec: TableSpec, file: str) -> list[Problem]:
    """A problem where years stand across the columns and the table wants a row for each."""
    years = [name for name in others if _YEAR.fullmatch(name)]
    turned = [name for name in missing if spec.column(name).kind in _TURNED]
    if len(years) < 2 or not any(spec.column(name).kind == "year" for name in turned):
        return []
    listed = ", ".join(years[:3]) + (" …" if len(years) > 3 else "")
    what = f"years stand across the columns ({listed}): the table has a row for each year"
    mend = (
        "in Excel choose Data, From Table/Range; select the columns of years, then Transform, Unpivot Columns; call "
        f"the two new columns {' and '.join(turned)}"
    )
    return [Problem(what, file, 1, mend=mend)]


def _twice(names: Sequence[str], file: str) -> list[Problem]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [
        Problem("the column is there twice", file, 1, name, mend="remove or rename one of them") for name in repeated
    ]


def _meant(written: str, candidates: Sequence[str]) -> str | None:
    """The candidate that `written` stands for: another name of the field, or a slip of the pen."""
    code = normal_code(written)
    if COLUMN_WORDS.get(code) in candidates:
        return COLUMN_WORDS[code]
    # shapefiles cut names to ten letters
    cut = [name for name in candidates if len(code) >= _SHORTEST_CUT and name.startswith(code) and name != code]
    if len(cut) == 1:
        return cut[0]
    near = [(fuzz.ratio(code, name), name) for name in candidates if min(len(name), len(code)) > 3]
    likeness, name = max(near, default=(0.0, ""))
    return name if likeness >= _SIMILAR else None
