"""The page as one HTML file: nothing from elsewhere, and a policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sufficiency import __version__
from sufficiency.report.content.document import Content
from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.occupancy import OVER
from sufficiency.report.content.table_kinds import WHOLE_PERCENT
from sufficiency.report.content.words import Bare, Shown, Words, plain
from sufficiency.report.maps.words import clean
from sufficiency.report.page.charts.drawn import drawings
from sufficiency.report.page.charts.headline import headline_bars
from sufficiency.report.page.charts.svg import printed
from sufficiency.report.page.map.data import packed
from sufficiency.report.page.map.view import map_view
from sufficiency.report.words import academic_year
from sufficiency.result import Result
from sufficiency.standing import of_summary

HERE = Path(__file__).parent
LONGEST = 600
"""Characters of a cell: more are cut."""
FILLS = (0.495, 0.795, 0.945, OVER)
"""Shares of places filled at which a shade begins, as whole percents are rounded; the last is above the places."""
SCRIPTS = ("data.js", "map.js", "detail.js", "page.js", "start.js")


def page_of(content: Content) -> str:
    """The whole page as text."""
    story = content.story
    summary = story.summary
    view = map_view(story)
    style = (HERE / "style.css").read_text(encoding="utf-8")
    scripts = [(HERE / "scripts" / name).read_text(encoding="utf-8") for name in SCRIPTS]
    first, last = academic_year(story.years[0]), academic_year(story.last)
    return (
        environment()
        .get_template("page.html")
        .render(
            policy=policy([style], scripts),
            style=Markup(style),  # noqa: S704
            scripts=[Markup(script) for script in scripts],  # noqa: S704
            version=__version__,
            title=clean(f"{summary['model']}: places for children, {first} to {last}", 120),
            model=clean(summary["model"]),
            period=f"{first} to {last}",
            standing=of_summary(summary),
            finding=content.finding,
            more=content.more,
            headlines=content.headlines,
            base_year=academic_year(story.base_year),
            chapters=content.chapters,
            contents=[{"id": "where", "title": "The map"}, *content.chapters],
            map=view,
            data=packed(view.data),
            source=_source(story.result),
            foot=_foot(content),
        )
    )


def policy(styles: list[str], scripts: list[str]) -> str:
    """The Content-Security-Policy that allows these styles and scripts, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hashes(styles)}; script-src {_hashes(scripts)}; base-uri 'none'; "
        "form-action 'none'"
    )


def _hashes(texts: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def environment(*folders: Path) -> Environment:
    """Where templates are found, those of `folders` first, and what they may call."""
    made = Environment(
        loader=FileSystemLoader([*folders, HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "words": words_html,
        "plain": lambda words: clean(plain(words), 300),
        "printed": figure_html,
        "cell": cell_html,
        "table_cell": table_cell,
        "are_words": are_words,
        "drawings": drawings,
        "headline_bars": headline_bars,
        "is_compared": lambda exhibit: exhibit.id in ("placed", "funds"),
        "is_open": lambda exhibit: exhibit.id == "opens",
        "is_paired": lambda exhibit: exhibit.id == "deficit" or exhibit.id.startswith("impact-"),
    }
    return made


def figure_html(shown: Shown | None) -> Markup:
    """A figure with the id by which `figures.json` says where it comes from."""
    return printed(shown, "span")


def words_html(words: Words) -> Markup:
    """A sentence; whatever comes from a file stays text."""
    return Markup("").join(escape(_spaced(piece)) if isinstance(piece, str) else figure_html(piece) for piece in words)


def _spaced(text: str) -> str:
    """Text without control characters; the spaces at its ends stay, for a figure stands there."""
    start = " " if text[:1].isspace() else ""
    end = " " if text[-1:].isspace() and len(text) > 1 else ""
    return f"{start}{clean(text, 400)}{end}"


def cell_html(cell: Cell) -> Markup:
    """What stands in a cell."""
    if cell is None:
        return Markup("")
    if isinstance(cell, tuple):
        return words_html(cell)
    return escape(clean(cell, LONGEST)) if isinstance(cell, str) else figure_html(cell)


def are_words(exhibit: Exhibit, column: int) -> bool:
    """Whether a column of a table holds words."""
    cells = [row[column] for row in exhibit.rows if column < len(row) and row[column] is not None]
    return column == 0 or all(isinstance(cell, str) for cell in cells)


def table_cell(cell: Cell, exhibit: Exhibit) -> Markup:
    """A cell of a table: numbers to the right, words to the left; shaded where the exhibit asks for it."""
    if cell is None:
        return Markup("<td></td>")
    if isinstance(cell, str):
        return Markup('<td class="words">{}</td>').format(clean(cell, LONGEST))
    if isinstance(cell, tuple):
        return Markup("<td>{}</td>").format(words_html(cell))
    figure = cell.figure if isinstance(cell, Bare) else cell
    shade = Markup("")
    if exhibit.shaded and figure.unit == WHOLE_PERCENT:
        shade = Markup(' class="h{}"').format(bisect_right(FILLS, figure.value))
    return Markup('<td{} data-figure="{}">{}</td>').format(shade, figure.id, cell.text)


def _source(result: Result) -> str:
    """What stands under each exhibit, so that it can stand alone."""
    standing = of_summary(result.summary)
    made_up = f"{standing.mark}. " if standing else ""
    scenario = result.summary["scenario"]
    of = "" if scenario == "base" else f", scenario {clean(scenario)}"
    attribution = str(result.summary.get("attribution", ""))
    roads = f" {clean(attribution, 120)}." if attribution else ""
    return f"{made_up}Source: plan of {clean(result.summary['model'])}{of}, made with sufficiency.{roads}"


def _foot(content: Content) -> list[str]:
    made_from = content.story.summary
    return [
        f"Made by sufficiency {__version__} from the model file {clean(made_from['model_file'], 120)}, scenario "
        f"{clean(made_from['scenario'])}. Where each figure comes from stands in figures.json.",
        str(release["why"])
        if (release := content.story.release)
        else "This page can hold numbers of fewer than five children. It is for those who plan places, not for "
        "publication.",
    ]
