"""Native charts of the drawings that tables carry."""

from __future__ import annotations

from typing import Any

from sufficiency.report.content.tables import Colour, Drawing, Series, Shape, Table, Unit
from sufficiency.report.maps.style import shades, type_style
from sufficiency.report.workbook.place import Place
from sufficiency.report.workbook.style import COLOURS, FONT, INK, NUMBERS, QUIET, RULE

WIDTH, HEIGHT = 900, 330
"""Pixels."""
ROWS = 17
"""Rows of the sheet that a chart covers."""
AXIS = {Unit.CHILDREN: "Children", Unit.PLACES: "Places", Unit.POUNDS: "£ million"}
MILLIONS = "#,##0.0,,;-#,##0.0,,;0"


def add_chart(book: Any, sheet: Any, table: Table, place: Place, row: int) -> None:
    """Draw the chart of a table beneath it, from its cells."""
    drawing = table.drawing
    if drawing is None or not len(table.frame):
        return
    kind = {"type": "line"} if drawing.shape is Shape.LINES else {"type": "column"}
    chart = book.add_chart(kind | ({"subtype": "stacked"} if drawing.shape is Shape.STACKED else {}))
    columns = [one for one in drawing.series if not one.as_line]
    for at, one in enumerate(columns):
        chart.add_series(_series(table, drawing, one, place, at, len(columns)))
    if len(columns) < len(drawing.series):
        chart.combine(_lines(book, table, drawing, place))
    _dress(chart, drawing, _ends(table, drawing))
    sheet.insert_chart(
        row, 0, chart, {"description": alt_text(drawing), "object_position": 2, "x_offset": 4, "y_offset": 6}
    )


def alt_text(drawing: Drawing) -> str:
    """What a chart says, for those who cannot see it."""
    return f"Chart. {drawing.title}. {drawing.subtitle}. The table above has the numbers."


def _lines(book: Any, table: Table, drawing: Drawing, place: Place) -> Any:
    lines = book.add_chart({"type": "line"})
    for at, one in enumerate(series for series in drawing.series if series.as_line):
        lines.add_series(_series(table, drawing, one, place, at, 1))
    return lines


def _series(table: Table, drawing: Drawing, one: Series, place: Place, at: int, many: int) -> dict[str, Any]:
    """A series as cells: a text given here could be taken for a formula."""
    colour = _colour(one, at, many)
    if one.row is not None:
        row = place.first + one.row
        first, last = place.column(drawing.columns[0]), place.column(drawing.columns[-1])
        name = [place.sheet, row, 0]
        categories = [place.sheet, place.head, first, place.head, last]
        values = [place.sheet, row, first, row, last]
    else:
        first, last = (place.first + row for row in drawing.rows)
        along, column = place.column(drawing.along), place.column(one.key)
        name = [place.sheet, place.head, column]
        categories = [place.sheet, first, along, last, along]
        values = [place.sheet, first, column, last, column]
    series: dict[str, Any] = {"name": name, "categories": categories, "values": values, "gap": 55}
    if one.as_line or drawing.shape is Shape.LINES:
        return series | {
            "line": {"color": colour, "width": 2.5},
            "marker": {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#ffffff"}},
        }
    return series | {"fill": {"color": colour}, "border": {"color": "#ffffff", "width": 0.5}}


def _colour(one: Series, at: int, many: int) -> str:
    if one.colour is Colour.ORDER:
        return shades(many)[at]
    if one.colour is Colour.TYPE:
        return type_style(one.kind).colour
    return COLOURS.get(one.colour, INK)


def _ends(table: Table, drawing: Drawing) -> dict[str, float]:
    """Columns start at nothing: the end of the axis that is 0."""
    first, last = drawing.rows
    rows = table.frame if drawing.columns else table.frame.iloc[first : last + 1]
    drawn = rows[list(drawing.columns) or [one.key for one in drawing.series]]
    return ({"min": 0.0} if not (drawn < 0).any(axis=None) else {}) | (
        {"max": 0.0} if not (drawn > 0).any(axis=None) else {}
    )


def _dress(chart: Any, drawing: Drawing, ends: dict[str, float]) -> None:
    font = {"name": FONT, "size": 10, "color": INK}
    chart.set_title({"name": drawing.title, "name_font": font | {"size": 13, "bold": True}, "overlay": False})
    number = MILLIONS if drawing.unit is Unit.POUNDS else NUMBERS[drawing.unit]
    chart.set_y_axis(
        {
            "name": AXIS[drawing.unit],
            "name_font": font | {"bold": False, "color": QUIET},
            "num_font": font,
            "num_format": number,
            "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}},
            "line": {"none": True},
            **ends,
        }
    )
    chart.set_x_axis({"num_font": font, "line": {"color": QUIET}, "label_position": "low", "major_tick_mark": "none"})
    side = "right" if drawing.shape is Shape.STACKED else "bottom"
    chart.set_legend({"none": True} if len(drawing.series) == 1 else {"position": side, "font": font})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.set_chartarea({"border": {"color": RULE}})
