"""The first row of a table: which column is which, and what was meant by those that are not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from sufficiency.codes import NEEDS, normal_code
from sufficiency.problems import Problem, shown
from sufficiency.tables.layout import plain_heading
from sufficiency.tables.phase_words import is_phase
from sufficiency.tables.words import COLUMN_WORDS, NEED_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sufficiency.tables.schema.columns import TableSpec

_SIMILAR = 75.0
"""Of 100: `childern` and `children` are 88, `name` and `area_name` are 62."""
_SHORTEST_CUT = 6
"""Letters of a name that is the beginning of one known name."""
_YEAR = re.compile(r"(?:fy|ay)?\s*(?:19|20)\d\d(?:\s*[/–-]\s*\d{2,4})?\b.{0,12}", re.IGNORECASE)
_PIVOT = re.compile(r"row labels|column labels|(?:sum|count|average) of ", re.IGNORECASE)
_COUNTED = re.compile(r"^(?:no\.?|number|num|count|total)_(?:of_)?")
_ONS_COLUMN = re.compile(r"(?:oa|lsoa|msoa|wd|par|lad)\d\d(cd|nm)")
"""Columns of the Office for National Statistics: codes and names of areas of a year."""
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
    in_one = next(
        (name for name in others if len(set(re.split(r"[,;|\t]+ *", normal_code(name))) & {*required}) > 1), ""
    )
    if in_one:
        fix = "in Excel select the column, then choose Data, Text to Columns, Delimited"
        return matched, [Problem("all headings are in one cell", file, 1, value=in_one, fix=fix)]
    missing = [column.name for column in absent if column.required]
    if missing and any(_PIVOT.match(name) for name in others):
        return matched, [Problem("this is a pivot table", file, 1, fix="give the rows behind it, on a separate sheet")]
    if len(required) > 1 and len(missing) == len(required) and not any(_meant(name, missing) for name in others):
        what = f"the first row does not hold the column names of {spec.name}"
        return matched, [Problem(what, file, 1, fix=f"put them in the first row: {', '.join(required)}")]
    claimed: set[str] = set()
    across, turned = _across(others, missing, spec, file)
    problems += across
    for name in [name for name in missing if name not in turned]:
        likely = sorted(others, key=lambda other: COLUMN_WORDS.get(normal_code(other)) != name)
        written = next((other for other in likely if other not in claimed and _meant(other, [name])), None)
        if written is not None:
            claimed.add(written)
        fix = (
            f"did you mean {shown(written)}? Rename it {name}"
            if written
            else f"add the column: {spec.column(name).meaning}"
        )
        problems.append(Problem(f"the column {name} is missing", file, fix=fix))
    optional = [column.name for column in absent if not column.required]
    for written in others:
        meant = _meant(written, optional) if written not in claimed else None
        if meant is not None:
            what = f"{spec.name} has no column of this name; it is ignored"
            problems.append(Problem(what, file, column=written, fix=f"did you mean {meant}?", severity="warning"))
    return matched, problems


def _matched(names: Sequence[str], spec: TableSpec, file: str) -> tuple[list[str], list[Problem]]:
    """The names as the catalogue spells them, also where a unit, a footnote or a line break stands in them; a Problem
    where the unit is another one.
    """
    known = {**spec.words, **{normal_code(name): name for name in spec.names}}
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
            what, fix = f"the heading says {said}", f"give {wanted} and call the column {known[plain]}"
            problems.append(Problem(what, file, column=name, fix=fix))
    return matched, problems


def _across(
    others: Sequence[str], missing: Sequence[str], spec: TableSpec, file: str
) -> tuple[list[Problem], Sequence[str]]:
    """A problem where years, needs or phases stand across the columns and the table wants a row for each; and the
    missing columns that come of turning them.
    """
    numbers = [name for name in missing if spec.column(name).kind == "number"]
    for kind, words, names in (
        ("year", "years", [name for name in others if _YEAR.fullmatch(name)]),
        ("need", "needs", [name for name in others if name.upper() in NEEDS or normal_code(name) in NEED_WORDS]),
        ("phase", "phases", [name for name in others if is_phase(name)]),
    ):
        turned = [name for name in missing if spec.column(name).kind == kind] + numbers
        if len(names) < 2 or not turned or spec.column(turned[0]).kind != kind:
            continue
        listed = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        what = f"{words} are spread across the columns ({listed}): the table has a row for each {kind}"
        fix = (
            f"in Excel choose Data, From Table/Range; select the columns of {words}, then Transform, Unpivot Columns; "
            f"call the two new columns {' and '.join(turned)}"
        )
        return [Problem(what, file, 1, fix=fix)], turned
    return [], []


def _twice(names: Sequence[str], file: str) -> list[Problem]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [
        Problem("the column is there twice", file, 1, name, fix="remove or rename one of them") for name in repeated
    ]


def _meant(written: str, candidates: Sequence[str]) -> str | None:
    """The candidate that `written` stands for: another name of the field, or a slip of the pen."""
    code = normal_code(written)
    words = {word: name for word, name in COLUMN_WORDS.items() if name in candidates}
    words |= {name: name for name in candidates}
    plain = code if code.endswith("(code)") else plain_heading(written)  # GIAS has codes of its own beside names
    for form in (code, plain, _COUNTED.sub("", plain)):
        if form in words:
            return words[form]
    ons = _ONS_COLUMN.fullmatch(code)
    if ons:
        name = "area" if ons[1] == "cd" else "name"
        return name if name in candidates else None
    # shapefiles cut names to ten letters
    cut = {
        name for word, name in words.items() if len(code) >= _SHORTEST_CUT and word.startswith(code) and word != code
    }
    if len(cut) == 1:
        return cut.pop()
    near = [(fuzz.ratio(code, name), name) for name in candidates if min(len(name), len(code)) > 3]
    likeness, name = max(near, default=(0.0, ""))
    return name if likeness >= _SIMILAR else None
