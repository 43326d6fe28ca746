"""How wide columns and how high rows are, so that nothing is cut on the screen or on paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from sufficiency.report.content.tables import Column, Table, Unit
from sufficiency.report.content.tables.table import shown
from sufficiency.report.workbook.style import LINE
from sufficiency.report.workbook.text import lines_of

WIDEST, LEAST_WIDEST = 48, 17
"""Letters across a column of text, and across one in a table of many columns."""
SENTENCES = {"meaning": 80, "sha256": 70, "text": 80, "process": 34, "flags": 34, "note": 48}
"""Columns of sentences, and the most letters across each."""
READABLE = 200
"""Letters across a page that can still be read when it is printed."""
NARROWEST = 11
NOT_SET = 8.4
"""Width of a column that no table covers."""
MOST_HEAD_LINES = 4
ARROW = 3
"""Letters that the arrow of a heading covers."""
BOLD = 0.92
"""Letters of a bold heading that a column takes for each of its width."""
LEAST_TEXT = 110
"""Letters in a line above a table that is narrower."""
POINTS_A_LETTER = 6.1
MOST_PAGES = 2
"""Pages of one table on paper: of one that would take more, the first is printed."""
PAGE_WIDTH, PAGE_HEIGHT = 785.0, 485.0
"""Points within the margins of a landscape page of A4, its head and foot left out."""


def widths(table: Table, titles: Sequence[str]) -> list[float]:
    """The width of each column, in letters: text breaks the sooner the more columns there are."""
    for most in range(WIDEST, LEAST_WIDEST - 1, -3):
        wide = [_width(table, column, title, most) for column, title in zip(table.columns, titles, strict=True)]
        if sum(wide) <= READABLE:
            break
    return wide


def _width(table: Table, column: Column, title: str, most: int) -> float:
    longest = max((len(shown(value, unit)) for value, unit in table.cells(column)), default=0) + 2
    word = max(len(one) for one in title.split()) + ARROW
    if column.unit in (Unit.TEXT, Unit.PLAIN):
        widest = SENTENCES.get(column.key, most)
        return float(max(min(max(longest, word, NARROWEST), widest), min(word, widest)))
    width = float(max(longest + (2 if column.total else 0), word, NARROWEST))
    while len(lines_of_heading(title, width)) > MOST_HEAD_LINES:
        width += 1
    return width


def head_height(titles: Sequence[str], wide: Sequence[float]) -> float:
    """The height of the row of headings."""
    lines = max(len(lines_of_heading(title, width)) for title, width in zip(titles, wide, strict=True))
    return LINE * lines + 5


def lines_of_heading(title: str, width: float) -> list[str]:
    """A heading as it breaks within its column; the last line leaves room for the arrow."""
    lines, line = [], ""
    for word in title.split():
        if line and len(line) + 1 + len(word) > width * BOLD:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return lines if len(line) + ARROW <= width or len(lines) == 1 else [*lines, ""]


def row_height(cells: Sequence[str], wide: Sequence[float]) -> float | None:
    """The height of a row whose text breaks; None where one line is enough."""
    lines = max(
        (
            len(lines_of(cell, letters(width)))
            for cell, width in zip(cells, wide, strict=True)
            if len(cell) > letters(width)
        ),
        default=1,
    )
    return LINE * lines + 2 if lines > 1 else None


def letters(width: float) -> float:
    """How many letters of running text a line of a column takes: fewer in a narrow one, where a long word that does not
    fit leaves much of the line empty.
    """
    return width * (0.95 + 0.18 * min(max(width - LEAST_WIDEST, 0) / 13, 1.0))


def scale(wide: float) -> float:
    """The factor by which a page of a sheet `wide` letters wide is made smaller in print."""
    return min(1.0, PAGE_WIDTH / (wide * POINTS_A_LETTER))


def rows_printed(heights: Sequence[float], above: float, wide: float) -> int:
    """How many rows of a table go on paper: all, or those of its first page where they would take too many. `above`:
    points that stand above the first row; `heights`: of the rows.
    """
    page = PAGE_HEIGHT / scale(wide)
    if above + sum(heights) <= MOST_PAGES * page:
        return len(heights)
    ends = accumulate(heights, initial=above)
    return max(sum(end <= page for end in ends) - 1, 1)


def fits_a_page(points: float, wide: float) -> bool:
    """Whether a height of `points` fits on one printed page of a sheet `wide` letters wide."""
    return points * scale(wide) <= PAGE_HEIGHT
