"""The page of the toy with a scenario beside it, made once; and an HTML page taken apart."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp

from sufficiency import api
from sufficiency.api.reporting import ReportMade
from sufficiency.report.content.document import Content, content_of
from sufficiency.report.page.render import page_of
from sufficiency.result import Result

from ..solved import TOY, toy_case, toy_result
from ..worked import model_of

SCENARIOS = ("late",)


@dataclass(frozen=True)
class Made:
    """A report on disk: the model's folder of results, and the report's own files."""

    results: Path
    report: ReportMade

    @property
    def base(self) -> Path:
        return self.results / "base"

    @property
    def page(self) -> Path:
        return self.base / "report" / "page.html"


@cache
def toy_report() -> Made:
    """The report of the toy with its scenarios, planned into a folder of its own."""
    folder = Path(mkdtemp())
    here = Path.cwd()
    toy_result().save(folder / "results" / "toy" / "base")
    os.chdir(folder)
    try:
        made = api.report_to_folder(TOY, SCENARIOS)
    finally:
        os.chdir(here)
    results = folder / "results" / "toy"
    return Made(results, made)


def away() -> None:
    """Remove what `toy_report` wrote."""
    if toy_report.cache_info().currsize:
        shutil.rmtree(toy_report().results.parents[1], ignore_errors=True)


def toy_content() -> Content:
    """The content of the toy's report without scenarios."""
    return content_of(toy_result(), toy_case().model)


def content(result: Result) -> Content:
    """The content of a report on a result of a small case."""
    first, last = result.summary["years"]
    return content_of(result, model_of((first - 1, last)))


def page(result: Result) -> str:
    """The page of a result of a small case."""
    return page_of(content(result))


@dataclass
class Part:
    """Text with the elements it is in, outermost first: each its name and attributes."""

    text: str
    inside: list[tuple[str, dict[str, str]]]

    def attribute(self, name: str) -> str:
        """The innermost value of an attribute around the text; blank where there is none."""
        return next((held[name] for _, held in reversed(self.inside) if name in held), "")

    def within(self, *marks: str) -> bool:
        """Whether it stands in an element with one of these names, ids or classes."""
        return any(
            name in marks or held.get("id") in marks or set(held.get("class", "").split()) & set(marks)
            for name, held in self.inside
        )


@dataclass
class Taken(HTMLParser):
    """An HTML page as its texts and its elements."""

    parts: list[Part] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    EMPTY = frozenset({"meta", "input", "link", "br", "img"})

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.elements.append((tag, held))
        if tag not in self.EMPTY:
            self.open.append((tag, held))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1][0] == tag, (self.open[-1], tag)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(Part(data, list(self.open)))


def taken(html: str) -> Taken:
    """A page taken apart; raises where an element is not closed."""
    parsed = Taken()
    parsed.feed(html)
    parsed.close()
    assert not parsed.open, parsed.open
    return parsed
