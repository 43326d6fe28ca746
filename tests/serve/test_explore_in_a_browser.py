"""A sitting in Chromium: by pointer, by keys alone, in a meeting, after a reload; nothing for axe to find."""

from __future__ import annotations

import shutil
import time
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("starlette")
pytest.importorskip("tomlkit")

from sufficiency.api import read
from sufficiency.api.solving import solve_case

from ..conftest import Require
from .sitting import Served

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


class Tab:
    """The page of a served desk in a tab of its own, with all that it said and asked for."""

    def __init__(self, browser: Any, served: Served) -> None:
        self.served = served
        self.context = browser.new_context(viewport={"width": 1366, "height": 768})
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.goto(served.address)

    def _asked(self, url: str) -> None:
        if not url.startswith(f"http://127.0.0.1:{self.served.port}/"):
            self.elsewhere.append(url)

    def settle(self, seconds: float = 120.0) -> None:
        """Wait until the page shows the certified plan of what was last done."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.page.locator("html").get_attribute("data-settled") == str(self.served.desk.sitting.revision):
                return
            time.sleep(0.1)
        raise AssertionError(self.page.locator("#status").inner_text())

    def done(self, many: int) -> None:
        """Wait until the server has done so many things."""
        until = time.monotonic() + 20
        while self.served.desk.sitting.revision < many and time.monotonic() < until:
            time.sleep(0.05)
        assert self.served.desk.sitting.revision == many

    def faults(self) -> list[str]:
        """What axe finds, in words."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.fixture(scope="module")
def tab(browser: Any, served: Served) -> Iterator[Tab]:
    opened = Tab(browser, served)
    opened.settle()
    yield opened
    assert opened.said == []
    assert opened.elsewhere == []
    opened.context.close()


def test_the_token_leaves_the_address_at_once(tab: Tab) -> None:
    assert tab.page.url == f"http://127.0.0.1:{tab.served.port}/"
    assert tab.served.token not in tab.page.evaluate("document.documentElement.outerHTML")


def test_axe_finds_nothing_as_it_opens_and_with_everything_open(tab: Tab) -> None:
    assert tab.faults() == []
    tab.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.faults() == []


def test_ten_changes_undo_save_and_the_same_plan_again(tab: Tab) -> None:
    """Typed, stepped and chosen: places, a scheme, a fee, inflation, growth, a rule, levers; then undone and saved."""
    page, before = tab.page, tab.served.desk.sitting.revision
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.get_by_label("One place more: Sands School").click()
    tab.done(before + 1)
    page.get_by_role("spinbutton", name="Hill Academy base").fill("13")
    page.keyboard.press("Tab")
    page.get_by_label("A base at the Link").select_option("2028")
    page.locator("[data-fee=independent]").fill("5")
    page.keyboard.press("Tab")
    page.locator("[data-inflation=transport]").fill("6")
    page.keyboard.press("Tab")
    page.locator("#g-need").select_option("ASD")
    page.locator("#g-locality").select_option("North")
    page.locator("#g-percent").fill("8")
    page.get_by_role("button", name="Change the children").click()
    page.get_by_label("Few independents").fill("15")
    page.keyboard.press("Tab")
    page.locator("#ap-share").fill("12")
    page.get_by_role("button", name="Set the ambition").click()
    page.locator("#help-share").fill("10")
    page.locator("#help-cost").fill("6000")
    page.get_by_role("button", name="Help earlier").click()
    page.locator("[data-fee=independent]").fill("7")
    page.keyboard.press("Tab")
    tab.done(before + 10)
    tab.settle()
    steps = page.locator(".changes li span").all_inner_texts()
    assert len(steps) == 9
    assert steps[0] == "Sands School: 37 places from 2026/27"
    assert "Independent special school: a child costs 7% more" in steps
    assert page.locator("#status-words").inner_text() == "Certified plan of these changes"
    page.get_by_role("button", name="Undo").click()
    tab.done(before + 11)
    tab.settle()
    assert "a child costs 5% more" in page.locator(".changes").inner_text()
    answer = tab.served.desk.planner.answer(tab.served.desk.sitting.steps)
    assert answer is not None
    page.locator("#save-name").fill("tried-in-a-sitting")
    page.locator("#save-about").fill("Nine changes")
    page.get_by_role("button", name="Save into toy.toml").click()
    tab.done(before + 12)
    path: Path = tab.served.desk.case.model.path
    assert tomllib.loads(path.read_text(encoding="utf-8"))["scenarios"]["tried-in-a-sitting"]["about"] == "Nine changes"
    again = solve_case(read(path, "tried-in-a-sitting"), appraise=False).plan
    assert again.objective == pytest.approx(answer.session.plan.objective, rel=1e-9)


def test_by_keys_alone(tab: Tab) -> None:
    """Back to the plan, a place more by the arrow of its field, kept, shown again; the focus stays where it was."""
    page, done = tab.page, tab.served.desk.sitting.revision
    page.locator("#clear").focus()
    page.keyboard.press("Enter")
    tab.done(done + 1)
    page.get_by_label("The Link", exact=True).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    tab.done(done + 2)
    tab.settle()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "One place more: The Link"
    assert "The Link: 11 places from 2026/27" in page.locator("#answer").inner_text()
    page.locator("#keep-name").focus()
    page.keyboard.type("eleven")
    page.keyboard.press("Enter")
    tab.done(done + 3)
    page.locator("#main").focus()
    page.keyboard.press("Control+z")
    tab.done(done + 4)
    page.get_by_label("Show eleven").focus()
    page.keyboard.press("Enter")
    tab.done(done + 5)
    tab.settle()
    assert "The Link: 11 places" in page.locator(".changes").inner_text()


def test_the_map_follows_and_shows_who_is_placed_elsewhere(tab: Tab) -> None:
    page = tab.page
    page.get_by_text("Placed elsewhere", exact=True).first.click()
    assert page.locator("#legend-title").inner_text() == "Children placed elsewhere"
    page.locator("#map-frame").focus()
    page.keyboard.press("ArrowRight")
    assert "need a place" in page.locator("#spoken").inner_text()
    page.get_by_text("Need a place", exact=True).first.click()


def test_a_reload_loses_nothing(tab: Tab) -> None:
    before = tab.page.locator(".changes").inner_text()
    tab.page.reload()
    tab.settle()
    assert tab.page.locator(".changes").inner_text() == before
    assert "eleven" in tab.page.locator("#asked").inner_text()


def test_axe_finds_nothing_with_a_what_if_and_in_a_meeting(tab: Tab) -> None:
    assert tab.faults() == []
    done = tab.served.desk.sitting.revision
    tab.page.get_by_label("Meeting").check()
    tab.done(done + 1)
    tab.settle()
    assert "Sands School" not in tab.page.content()
    assert tab.faults() == []
    tab.page.get_by_label("Meeting").uncheck()
    tab.done(done + 2)


def test_two_tabs_cannot_overwrite_each_other(browser: Any, tab: Tab) -> None:
    """What is done in one is in the other a moment later."""
    tab.settle()
    other, done = Tab(browser, tab.served), tab.served.desk.sitting.revision
    other.settle()
    other.page.locator("#clear").click()
    tab.done(done + 1)
    tab.settle()
    assert tab.page.locator(".changes").count() == 0
    other.context.close()


def test_without_the_token_there_is_only_the_page(browser: Any, tab: Tab) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{tab.served.port}/")
    page.get_by_role("alert").filter(has_text="Open the address that the command printed").wait_for()
    assert "Toy" not in page.content()
    context.close()
