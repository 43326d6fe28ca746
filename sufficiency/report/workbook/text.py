"""Text as a cell can hold it: no controls, no more than a cell takes, names of sheets and tables that Excel allows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from textwrap import wrap

MOST_IN_CELL = 32_767
MOST_IN_HEADING = 255
MOST_IN_SHEET_NAME = 31
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that are no letters: controls, marks that turn the writing, half pairs, what is no character."""


@lru_cache(maxsize=4096)
def clean(text: object, most: int = MOST_IN_CELL) -> str:
    """Text without controls, spaces in place of line ends, cut with … where it is longer than a cell takes."""
    spaced = re.sub(r"[\t\r\n\v\f\u2028\u2029]+", " ", str(text))
    plain = "".join("�" if unicodedata.category(one) in _NOT_SHOWN else one for one in spaced)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def headings(texts: Iterable[str]) -> list[str]:
    """Headings no two of which are alike in any case, as an Excel table needs them."""
    taken: set[str] = set()
    words = []
    for place, text in enumerate(texts, 1):
        heading = clean(text, MOST_IN_HEADING - 8).strip() or f"Column {place}"
        if heading.casefold() in taken:
            heading = f"{heading} ({place})"
        taken.add(heading.casefold())
        words.append(heading)
    return words


def sheet_name(code: str, name: str) -> str:
    """The name of a table's sheet: short, and without what Excel refuses."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{code} {name}".strip())[:MOST_IN_SHEET_NAME].strip()


def table_name(code: str, name: str) -> str:
    """The name of an Excel table: letters, digits and _, and never like a cell's."""
    return re.sub(r"\W+", "_", f"{name}_{code}".strip())


def in_reference(heading: str) -> str:
    """A heading as it stands in a reference to its column."""
    return re.sub(r"(['\[\]#@])", r"'\1", heading)


def printed(text: object) -> str:
    """Text for the head and foot of a page: & begins a command there, so a wide one stands in its place."""
    return clean(text, 100).replace("&", "＆")


def lines_of(text: str, width: float) -> list[str]:
    """Text in lines of at most `width` letters."""
    return wrap(text, max(int(width), 20), break_long_words=True, break_on_hyphens=False) or [""]
