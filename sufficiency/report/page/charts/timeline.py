"""When options open: a row each, from the September it opens to the end of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sufficiency.codes import academic_year
from sufficiency.report.content.figure import Figure
from sufficiency.report.page.charts.bars import name_lines
from sufficiency.report.page.charts.scale import Scale
from sufficiency.report.page.charts.svg import element, picture, printed, text

ROW = 34.0


@dataclass(frozen=True)
class Opening:
    """An option: its name, the figures of its year and of its places."""

    name: str
    opens: Figure
    places: Figure


def timeline(label: str, openings: list[Opening], years: range, width: float, names: float) -> Markup:
    """Openings over the years of the plan; a bar is as thick as its places are many."""
    across = Scale(years[0], years[-1] + 1, names, width - 82)
    height = 30 + ROW * len(openings)
    most = max((opening.places.value for opening in openings), default=1.0)
    parts = []
    step = max(1, -(-len(years) // max(int((width - names) / 62), 1)))
    for year in years[::step]:
        x = across.at(year)
        parts.append(element("line", x1=x, x2=x, y1=20, y2=height - 4, class_="grid"))
        parts.append(text(academic_year(year), x, 13, class_="tick", text_anchor="start"))
    for number, opening in enumerate(openings):
        top = 26 + number * ROW
        middle = top + ROW / 2 - 3
        thick = 4 + 16 * (opening.places.value / most) ** 0.5
        start = across.at(opening.opens.value)
        parts += name_lines(opening.name, names, top - 3, ROW)
        parts.append(
            element("rect", x=start, y=middle - thick / 2, width=across.end - start, height=thick, class_="bar plan")
        )
        words = element(
            "text", printed(opening.places), Markup(" places"), x=across.end + 7, y=middle + 4.5, class_="value plan"
        )
        parts.append(words)
    return picture(width, height, label, *parts)
