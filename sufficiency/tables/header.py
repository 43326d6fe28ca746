"""The first row of a table: which column is which, and what was meant by those that are not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from sufficiency.codes import normal_code
from sufficiency.problems import Problem, shown
from sufficiency.tables.words import COLUMN_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sufficiency.tables.schema.columns import TableSpec

_SIMILAR = 75.0
"""Of 100: `childern` and `children` are 88, `name` and `area_name` are 62."""


def match_header(names: Sequence[str], spec: TableSpec, file: str) -> tuple[list[str], list[Problem]]:
    """The names as the catalogue spells them (others as they are), and what is wrong with the header.

    Errors are columns that are missing or there twice: the table cannot be used then. Warnings are columns
    that are ignored but look like one of the catalogue's.
    """
    known = {normal_code(name): name for name in spec.names}
    matched = [known.get(normal_code(name), name) for name in names]
    problems = _twice(matched, file)
    absent = [column for column in spec.columns if column.name not in matched]
    others = [name for name in matched if name not in known.values()]
    required = [column.name for column in spec.columns if column.required]
    missing = [column.name for column in absent if column.required]
    if len(required) > 1 and len(missing) == len(required) and not any(_meant(name, missing) for name in others):
        what = f"the first row does not hold the column names of {spec.name}"
        return matched, [Problem(what, file, 1, mend=f"put them in the first row: {', '.join(required)}")]
    claimed: set[str] = set()
    for name in missing:
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
    near = [(fuzz.ratio(code, name), name) for name in candidates if min(len(name), len(code)) > 3]
    likeness, name = max(near, default=(0.0, ""))
    return name if likeness >= _SIMILAR else None
