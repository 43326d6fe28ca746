"""The page in Chromium: every control by pointer and by key, no error, no request, nothing for axe to find."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..conftest import Require
from .pages import toy_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
THERE = bool(CHROMIUM) and find_spec("playwright") is not None and find_spec("axe_playwright_python") is not None


@pytest.fixture(scope="module")
def browser(require: Require) -> Iterator[Any]:
    require("chromium", THERE, "Debian's chromium and the extra `look` are not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Opened:
    """The toy's page in a tab, with all that it said and asked for."""

    def __init__(self, browser: Any, *, scripts: bool = True, width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(toy_report().page.as_uri())
        if scripts:
            self.page.wait_for_selector("html[data-ready]", state="attached")

    def spoken(self) -> str:
        return str(self.page.locator("#spoken").inner_text())

    def fills(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all(
            "#areas > *", "drawn => drawn.map(one => one.getAttribute('fill'))"
        )
        return found


@pytest.fixture(scope="module")
def opened(browser: Any) -> Iterator[Opened]:
    tab = Opened(browser)
    yield tab
    assert tab.said == []
    assert tab.asked == [toy_report().page.as_uri()]
    tab.context.close()


def faults(page: Any) -> list[str]:
    """What axe finds, in words."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def test_every_control_redraws_the_map_and_says_so(opened: Opened) -> None:
    """Layer, need, phase, year and settings: fills, words and shapes follow, and come back."""
    page, first = opened.page, opened.fills()
    page.get_by_text("Short of a place", exact=True).first.click()
    assert opened.fills() != first
    assert opened.spoken().startswith("Children short of a place, 2028/29")
    page.select_option("#need", label="Social, emotional and mental health")
    page.select_option("#phase", label="Secondary")
    assert "Social, emotional and mental health, secondary" in opened.spoken()
    page.locator("#year").focus()
    page.keyboard.press("Home")
    assert page.locator("#year-words").inner_text() == "2026/27"
    assert "2026/27" in opened.spoken()
    page.locator("#sites-on").uncheck()
    assert page.locator("#sites").get_attribute("display") == "none"
    page.locator("#sites-on").check()
    page.select_option("#need", "0")
    page.select_option("#phase", "0")
    page.locator("#year").focus()
    page.keyboard.press("End")
    page.get_by_text("Need a place", exact=True).first.click()
    assert opened.fills() == first


def test_keys_go_through_areas_and_settings(opened: Opened) -> None:
    """One stop for the tab key; arrows walk, Enter selects and draws journeys, Escape clears."""
    page = opened.page
    page.locator("#map-frame").focus()
    names = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        names.add(opened.spoken().split(":")[0])
    assert len(names) == 3
    page.keyboard.press("Enter")
    assert opened.spoken().startswith("Selected: ")
    assert page.locator("#journeys path").count() >= 2
    assert page.locator("#chosen h4").inner_text() in opened.spoken()
    page.keyboard.press("s")
    assert "children, 2028/29" in opened.spoken()
    page.keyboard.press("Enter")
    assert "Where they come from" in page.locator("#chosen").inner_text()
    page.keyboard.press("+")
    assert page.locator("#map").get_attribute("data-zoom") == "near"
    page.keyboard.press("Escape")
    assert page.locator("#journeys path").count() == 0
    assert page.locator("#chosen").inner_text().startswith("Toy")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "nearer"


def test_the_pointer_shows_and_selects(opened: Opened) -> None:
    page = opened.page
    page.locator("#a0").hover(position={"x": 20, "y": 40})
    assert "need a place" in page.locator(".tip").inner_text()
    page.locator("#a0").click(position={"x": 20, "y": 40})
    assert "picked" in page.locator("#a0").get_attribute("class")
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom out").click()
    page.get_by_role("button", name="Clear the selection").click()
    assert page.locator(".picked").count() == 0


def test_what_is_shown_of_a_setting_is_what_the_tables_hold(opened: Opened) -> None:
    """Sands School: places and children in `occupancy` for the last year."""
    from ..solved import toy_result

    rows = toy_result().occupancy.query("setting == '100003' and year == 2028")
    place = list(toy_result().settings["setting"]).index("100003")
    opened.page.locator(f"#s{place}").click()
    texts = opened.page.locator("#chosen dd").all_inner_texts()
    assert texts[:2] == [f"{rows['places'].sum():.0f}", f"{rows['children'].sum():.0f}"]
    opened.page.get_by_role("button", name="Clear the selection").click()


def test_axe_finds_nothing_in_any_state(opened: Opened) -> None:
    """As it opens; with every table open; with an area and with a setting selected."""
    page = opened.page
    assert faults(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.locator("#map-frame").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Short of a place", exact=True).first.click()
    assert faults(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = false; })")
    page.locator("#map-frame").focus()
    page.keyboard.press("Escape")
    page.get_by_text("Need a place", exact=True).first.click()


def test_the_map_is_no_black_box(opened: Opened) -> None:
    """In the picture itself: at least four fills of some size, and borders between areas."""
    from PIL import Image

    shot = np.asarray(Image.open(BytesIO(opened.page.locator("#map").screenshot())).convert("RGB"))
    colours, counts = np.unique(shot.reshape(-1, 3), axis=0, return_counts=True)
    large = colours[counts > 0.0006 * counts.sum()]
    assert len({tuple(one // 24) for one in large}) >= 4
    near = np.abs(colours.astype(int) - [0x2D, 0x38, 0x40]).max(axis=1) < 24
    assert counts[near].sum() > 300


def test_without_scripts_every_figure_and_chart_is_there(browser: Any) -> None:
    tab = Opened(browser, scripts=False)
    text = tab.page.locator("main").inner_text()
    assert "87 children need a specialist place in 2028/29" in text
    assert tab.page.locator("svg.chart").count() > 8
    assert tab.page.locator("#controls").is_hidden()
    assert tab.page.locator("table").count() > 8
    tab.context.close()


@pytest.mark.parametrize("width", [360, 640])
def test_a_phone_and_twice_the_size_need_no_scrolling_sideways(browser: Any, width: int) -> None:
    """640 is 1280 at 200 %."""
    tab = Opened(browser, width=width)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.said == []
    tab.context.close()


def test_it_prints_on_a4_with_nothing_cut_off(browser: Any, tmp_path: Path) -> None:
    """On no page does ink reach the edge of the paper, and headings stand with what they head."""
    from PIL import Image

    if not shutil.which("pdftoppm"):
        pytest.skip("poppler-utils is not installed")
    tab = Opened(browser)
    tab.page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True, print_background=True)
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": 695, "height": 1000})  # the width of A4 within its margins, at 96 to an inch
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 695
    tab.context.close()
    subprocess.run(["pdftoppm", "-r", "40", "-png", tmp_path / "page.pdf", tmp_path / "p"], check=True)
    sheets = sorted(tmp_path.glob("p*.png"))
    assert len(sheets) >= 5
    for sheet in sheets:
        ink = np.asarray(Image.open(sheet).convert("L")) < 200
        assert not ink[:, :8].any(), sheet.name
        assert not ink[:, -8:].any(), sheet.name
        assert ink.any(), sheet.name
