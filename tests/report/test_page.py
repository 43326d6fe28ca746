"""The page without a browser: every number is a cell, text from files stays text, and nothing comes from elsewhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import sufficiency as sf
from sufficiency.report.page.render import page_of
from sufficiency.result.written import unguarded

from ..solved import toy_result
from ..worked import case_of, model_of, steady
from .pages import Taken, content, page, taken, toy_content, toy_report

HOSTILE = "</script><img src=x onerror=alert(1)>\"'{{7*7}}&amp;"
NUMBER = re.compile(r"\d")


@cache
def toy_page() -> Taken:
    return taken(toy_report().page.read_text(encoding="utf-8"))


@cache
def toy_figures() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((toy_report().base / "report" / "figures.json").read_text("utf-8"))
    return found


@cache
def rows_of(table: str) -> list[dict[str, str]]:
    with (toy_report().base / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def by_cells(table: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], list[dict[str, str]]]:
    """The rows of a table by their cells in some columns."""
    found: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows_of(table):
        found.setdefault(tuple(unguarded(row[column]) for column in columns), []).append(row)
    return found


def test_every_figure_equals_its_cell() -> None:
    """In `figures.json` each row names one row of its table, that of a scenario in the scenario's folder."""
    ids = [one["id"] for one in toy_figures()]
    assert {"late/bought.plan.2028", "bought.plan.2028", "T7a.1.2028"} <= {*ids}
    assert len({*ids}) == len(ids)
    for figure in toy_figures():
        assert list(figure) == ["id", "text", "value", "unit", "table", "row", "column"]
        cells = tuple(str(cell) for cell in figure["row"].values())
        found = by_cells(figure["table"], tuple(figure["row"])).get(cells, [])
        assert len(found) == 1, figure
        assert float(found[0][figure["column"]]) == figure["value"], figure


def test_every_number_on_the_page_is_a_figure() -> None:
    """Elsewhere there are only years, ticks, classes of the legend, names, and what the model file says."""
    texts = {one["id"]: one["text"] for one in toy_figures()}
    printed = [part for part in toy_page().parts if part.attribute("data-figure")]
    assert len(printed) > 200
    for part in printed:
        whole = texts[part.attribute("data-figure")]
        assert part.text in (whole, whole.removeprefix("−")), part
    rest = [
        part.text
        for part in toy_page().parts
        if not part.attribute("data-figure")
        and not part.within(
            "style", "script", "tick", "legend", "assumptions", "warnings", "footer", "scale-words", "fills"
        )
    ]
    known = [*toy_result().settings["name"], *(str(one) for one in toy_result().occupancy["line"].unique())]
    for text in rest:
        for name in known:
            text = text.replace(name, "")
        text = re.sub(r"\b20\d\d/\d\d\b|31 March 20\d\d|’\d\d|[Pp]ost-16|[Ss]ection 251|\b1\.\d\.\d+\b|£500", "", text)
        text = re.sub(r"[Bb]elow 0|over 5 minutes", "", text)
        assert not NUMBER.search(text), text


def test_every_chart_has_a_table_behind_it() -> None:
    """Each figure on the page has a table or is the map, whose areas and settings the keys go through."""
    open_now: list[str] = []
    tables: dict[str, bool] = {}
    for name, held in toy_page().elements:
        if name == "figure":
            open_now = [held.get("id", "map")]
            tables[open_now[0]] = False
        if name == "table" and open_now:
            tables[open_now[0]] = True
    assert [name for name, has in tables.items() if not has] == ["map"]
    pictures = [held for name, held in toy_page().elements if name == "svg" and held.get("role") == "img"]
    assert all(held["aria-label"] for held in pictures)
    assert all(held.get("aria-hidden") for name, held in toy_page().elements if name == "svg" and "role" not in held)


def test_every_id_is_given_once() -> None:
    ids = [held["id"] for _, held in toy_page().elements if "id" in held]
    assert len(ids) == len(set(ids))
    targets = [held["href"][1:] for name, held in toy_page().elements if name == "a"]
    assert set(targets) <= set(ids)


def test_nothing_comes_from_elsewhere_and_nothing_else_runs() -> None:
    html = toy_report().page.read_text(encoding="utf-8")
    for name, held in toy_page().elements:
        assert "style" not in held, name
        assert not [attribute for attribute in held if attribute.startswith("on")], name
        for attribute in ("src", "href", "action", "data"):
            assert held.get(attribute, "#").startswith("#"), (name, held)
    assert "url(" not in html
    assert "@import" not in html
    policy = next(held["content"] for name, held in toy_page().elements if held.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        for attributes, text in re.findall(rf"<{name}([^>]*)>(.*?)</{name}>", html, re.S):
            if "text/plain" not in attributes:
                digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
                assert f"'sha256-{digest}'" in policy, text[:80]


def test_hostile_names_stay_text() -> None:
    """A name that would close a script, run, or be a template of its own is shown as it is written."""
    case = case_of(
        model_of((2025, 2026), rules={"share": [{"name": HOSTILE, "types": ["independent"], "at_most_children": 1}]}),
        demand=steady("A", 6, range(2025, 2027)),
        areas=[{"area": "A", "name": HOSTILE, "locality": HOSTILE}],
        settings=[{"setting": "S", "name": HOSTILE}, {"setting": "I", "type": "independent", "name": HOSTILE}],
        places=[{"line": "s", "setting": "S", "places": 2}, {"line": "i", "setting": "I", "places": 9}],
        costs=[{"type": "special_school", "per_child": 10_000}, {"type": "independent", "per_child": 60_000}],
        options=[
            {"option": HOSTILE[:30], "name": HOSTILE, "line": "s", "setting": "S", "places": 4, "earliest": 2026}
            | {"latest": 2026, "capital": 1_000}
        ],
    )
    result = sf.solve(case)
    labels = result.summary["labels"] | {"types": dict.fromkeys(result.summary["labels"]["types"], HOSTILE)}
    hostile = replace(result, summary=result.summary | {"model": HOSTILE, "labels": labels, "warnings": [HOSTILE]})
    html = page(hostile)
    found = taken(html)
    assert "img" not in {name for name, _ in found.elements}
    assert not [held for _, held in found.elements if "onerror" in held]
    assert "49" not in "".join(part.text for part in found.parts if part.within("h1", "title"))
    assert [part for part in found.parts if "<img src=x onerror=alert(1)>" in part.text]


def test_the_same_result_gives_the_same_page() -> None:
    assert page_of(toy_content()) == page_of(toy_content())


def test_fictional_data_are_marked_and_real_data_are_not() -> None:
    assert [part for part in toy_page().parts if part.text == "Fictional data."]
    real = replace(toy_result(), summary=toy_result().summary | {"fictional": False})
    assert "ictional" not in "".join(
        part.text for part in taken(page(real)).parts if not part.within("style", "script")
    )


@pytest.mark.parametrize("without", ["areas", "settings"])
def test_a_result_with_nothing_on_the_map_has_a_page(without: str) -> None:
    """No outline of any area, and no place of any setting."""
    toy = toy_result()
    layer = getattr(toy, without)
    bare = layer.assign(x=float("nan"), y=float("nan")).set_geometry([None] * len(layer), crs=layer.crs)
    assert "Where children live" in page_of(content(replace(toy, **{without: bare})))


def test_report_and_its_figures_name_only_tables_there_are() -> None:
    for table in {one["table"] for one in toy_figures()}:
        assert (toy_report().base / f"{table}.csv").resolve().is_file(), table
    assert Path(toy_report().report.files[0]).name == "page.html"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG has it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_read_and_distinguished_in_grey() -> None:
    """Text on white at 4.5 to 1 or more; the plan, doing nothing more and a limit differ in lightness."""
    style = (Path(sf.__file__).parent / "report" / "page" / "style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", style))
    assert {"plan", "nothing", "limit", "need", "short", "quiet", "ink"} <= set(colours)
    for name in ("plan", "nothing", "limit", "need", "short", "quiet", "ink"):
        assert 1.05 / (luminance(colours[name]) + 0.05) >= 4.5, name
    light = sorted(luminance(colours[name]) for name in ("plan", "nothing", "limit"))
    assert all((above + 0.05) / (below + 0.05) > 1.4 for below, above in pairwise(light))
    for text, fill in re.findall(r"td\.h\d { background: (#[0-9a-f]{6});(?: color: (#[0-9a-f]{3}))?", style):
        dark = luminance(colours["ink"] if not fill else "#ffffff")
        high, low = max(dark, luminance(text)), min(dark, luminance(text))
        assert (high + 0.05) / (low + 0.05) >= 4.5, text
