"""How the workbook looks: the colours of the page and the maps, and one format for each kind of cell."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content.tables import Colour, Unit
from sufficiency.report.palette import PALETTE

INK, QUIET, RULE, HEAD, MARK = (PALETTE[name] for name in ("ink", "quiet", "rule", "plan", "mark"))
COLOURS = {
    Colour.PLAN: PALETTE["plan"],
    Colour.NOTHING_MORE: PALETTE["grey"],
    Colour.NEED: PALETTE["need"],
    Colour.LIMIT: PALETTE["limit"],
}
FONT, SIZE = "Arial", 11
LINE = 14.5
"""Points from one line of text to the next."""
NUMBERS = {
    Unit.CHILDREN: "#,##0_)",
    Unit.PLACES: "#,##0_)",
    Unit.COUNT: "#,##0_)",
    Unit.POUNDS: "£#,##0_);-£#,##0_);£0_)",
    Unit.MINUTES: "0.0_)",
    Unit.KM: "0.0_)",
    Unit.SHARE: "0.0%_)",
    Unit.TIMES: "0.0_)",
    Unit.PLAIN: "General_)",
}
"""Whole children, pounds in full; cells hold numbers in full. `_)` keeps them from the column on their right."""


class Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _of(self, **properties: Any) -> Any:
        key = tuple(properties.items())
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "top", **properties}
            )
        return self._made[key]

    def title(self) -> Any:
        """The title of a sheet."""
        return self._of(font_size=14, bold=True)

    def about(self) -> Any:
        """What stands between the title and the table."""
        return self._of(font_color=QUIET)

    def said(self) -> Any:
        """A sentence to read."""
        return self._of()

    def mark(self) -> Any:
        """That the data are made up, or the like."""
        return self._of(bold=True, font_color=MARK)

    def link(self) -> Any:
        """A link to another sheet."""
        return self._of(font_color=HEAD, underline=1)

    def head(self, is_number: bool) -> Any:
        """A heading of a column."""
        side = "right" if is_number else "left"
        inset = {"indent": 1} if is_number else {}
        return self._of(
            bold=True, font_color="#ffffff", bg_color=HEAD, text_wrap=True, align=side, valign="bottom", **inset
        )

    def text(self, runs: bool = False) -> Any:
        """A cell of text; `runs`: a spreadsheet would take it for a formula when somebody edits it, so it is marked as
        text.
        """
        more = {"quote_prefix": True} if runs else {}
        return self._of(text_wrap=True, bottom=1, bottom_color=RULE, **more)

    def linked(self) -> Any:
        """A cell of text that is a link."""
        return self._of(font_color=HEAD, underline=1, text_wrap=True, bottom=1, bottom_color=RULE)

    def number(self, unit: Unit, is_long: bool = False) -> Any:
        """A cell with a number; `is_long`: one as given that is easier read in thousands."""
        shown = NUMBERS[Unit.COUNT] if is_long else NUMBERS.get(unit, "General")
        return self._of(num_format=shown, align="right", bottom=1, bottom_color=RULE)

    def total(self, unit: Unit | None) -> Any:
        """A cell of the total row."""
        edges = {"bold": True, "top": 1, "top_color": INK, "bottom": 1, "bottom_color": INK}
        if unit is None or unit is Unit.TEXT:
            return self._of(**edges)
        return self._of(num_format=NUMBERS[unit], align="right", **edges)

    def shade(self, colour: str, is_dark: bool) -> Any:
        """A cell that is shaded."""
        return self._book.add_format({"bg_color": colour, "font_color": "#ffffff" if is_dark else INK})
