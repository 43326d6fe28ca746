"""What is wrong with an input, said so that a planner can fix it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong, where (file, row as the planner's editor counts it, column, value), and a likely fix.

    `severity` is `error` (nothing is solved) or `warning` (solved, said, and an error under `check
    --strict`).
    """

    what: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    fix: str = ""
    severity: Literal["error", "warning"] = "error"
    count: int = 1
    also: tuple[str, ...] = ()
    """Other values of which the same is to be said, where like problems are folded into one."""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}" if place else f"column {self.column}"
        if self.value:
            place += f", value {shown(self.value)}" if place else shown(self.value)
        if self.also:
            named = ", ".join(shown(value) for value in self.also[:MOST_ALSO])
            rest = len(self.also) - MOST_ALSO
            place += f" (also {named}{f' and {rest:,} other values' if rest > 1 else ' …' if rest == 1 else ''})"
        rows = "row" if self.count == 2 else "rows"
        more = f" (and {self.count - 1:,} more {rows} like it)" if self.count > 1 else ""
        said = ": ".join(part for part in (place, self.what) if part)
        return said + more + (f" → {self.fix}" if self.fix else "")


MOST_ALSO = 4
"""Values named beside the first on a folded line."""
_MOST_APART = 3
"""Like problems that get a line each; more are folded into one."""


def folded(problems: Sequence[Problem]) -> list[Problem]:
    """The problems with those that say the same of one column of one file folded into their first, with a count."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        reckoned = problem.fix.startswith("write ")  # another number for each value: the first shows how
        fix = "write" if reckoned else problem.fix
        key = (problem.severity, problem.file, problem.column, problem.what, fix)
        groups.setdefault(key, []).append(problem)
    return [line for group in groups.values() for line in _one_line(group)]


def _one_line(group: list[Problem]) -> list[Problem]:
    first = group[0]
    if len(group) <= _MOST_APART or first.row is None:
        return list(dict.fromkeys(group))
    values = dict.fromkeys(value for one in group for value in (one.value, *one.also) if value != first.value)
    fix = first.fix if len({one.fix for one in group}) == 1 else f"{first.fix}; the others likewise"
    return [replace(first, count=sum(one.count for one in group), also=tuple(values), fix=fix)]


class InputError(Exception):
    """The input cannot be used. `problems` holds every fault found, errors and warnings."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in folded(self.problems)))


class CertificateError(Exception):
    """The plan found does not pass its own proof: an error, never a result."""


class DisclosureError(Exception):
    """Figures to be published give something away: nothing is written. `exposed`: what, and from what."""

    def __init__(self, exposed: Sequence[str]) -> None:
        self.exposed = tuple(exposed)
        super().__init__("\n".join(self.exposed))


def written(value: object) -> str:
    """A value as text. Python does not write out whole numbers of more than 4,300 digits: words stand for those."""
    try:
        return str(value)
    except ValueError:
        return "a number too long to write"


def shown(value: str, longest: int = 60) -> str:
    """A cell's text in quotes, control characters made visible and long text cut."""
    return f"“{_printable(value, longest)}”"


def _printable(text: str, longest: int = 60) -> str:
    visible = "".join(ch if ch.isprintable() else "�" for ch in text)
    return visible if len(visible) <= longest else visible[: longest - 1] + "…"


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control signs, and those that turn the direction of writing; tabs and line breaks are none of them."""


def unseen_sign(text: str) -> str | None:
    """The first sign in a text that nobody sees and that could command a terminal or turn a name round, as `U+001B`."""
    match = _UNSEEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None where nothing is near.

    One slip for every four letters (a letter wrong, missing, extra, or two swapped) comes first: it catches short
    codes. A name with other digits is another name, however like it looks: the next school, another year. Of a code
    that is digits for the most part nothing but the same signs in another case, spacing or punctuation is near.
    """
    lowered = {item: item.casefold() for item in known}
    wanted = name.casefold()
    if any(sign.isdigit() for sign in wanted):
        lowered = {item: text for item, text in lowered.items() if _digits(text) == _digits(wanted)}
        if is_code(name):
            return next((item for item, text in lowered.items() if _signs(text) == _signs(wanted)), None)
    slips = max(1, len(wanted) // 4)
    if len(wanted) > 1:
        near = process.extract(wanted, lowered, scorer=OSA.distance, score_cutoff=slips, limit=None)
        if near:
            return str(min(near, key=lambda hit: (hit[1], abs(len(hit[0]) - len(wanted))))[2])
    if len(wanted) < 3:
        return None
    best = process.extractOne(wanted, lowered, scorer=fuzz.WRatio, score_cutoff=75)
    return str(best[2]) if best else None


def is_code(text: str) -> bool:
    """Whether a name is a code whose digits say what it names: at least as many digits as letters, and no word."""
    digits, letters = (sum(map(kind, text)) for kind in (str.isdigit, str.isalpha))
    return digits >= max(letters, 1) and not re.search(r"[^\W\d_]{4}", text)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _signs(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A fix that names the nearest known name, or lists `known` where none is near."""
    names = list(known)
    near = nearest(name, names)
    if near:
        return f"did you mean {shown(near)}?"
    if otherwise or not names:
        return otherwise
    listed = ", ".join(_printable(one) for one in names[:12]) + (", …" if len(names) > 12 else "")
    return f"use one of: {listed}"


def share_for(percent: float) -> str:
    """What to write in place of a percentage where a share is wanted; nothing where it is none, or may be none: 1.2 may
    be meant as 120 %.
    """
    return f"write {percent / 100:g} for {percent:g} %" if 2 <= percent <= 100 else ""


def raise_errors(problems: Sequence[Problem]) -> None:
    """Raise `InputError` with all problems where at least one of them is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
