"""The documentation is executed: reference pages say what the program does, links lead somewhere, Python runs."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from .report.test_content import apart, said_of_saltmere
from .saltmere import short_saltmere

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
WITH_PYTHON = [page for page in WRITTEN if BLOCK.search(page.read_text(encoding="utf-8"))]


def reference() -> ModuleType:
    return script("make_reference")


@cache
def script(name: str) -> ModuleType:
    """A script of the folder docs as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_has_a_meaning() -> None:
    assert reference().undocumented() == []


@pytest.mark.parametrize("page", ["command-line.md", "tables.md", "model-file.md", "mathematics.md", "figures.md"])
def test_a_reference_page_is_as_made(page: str) -> None:
    made = reference().PAGES[page]()
    assert (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8") == made, (
        "run: python docs/make_reference.py"
    )


def test_no_reference_page_is_left_over() -> None:
    by_hand = {"glossary.md"}
    assert {path.name for path in (ROOT / "docs" / "reference").glob("*.md")} == {*reference().PAGES, *by_hand}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert broken == []


def test_every_page_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "index.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        found = re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        waiting += {(page.parent / target).resolve() for target in found} - reached
    assert {page for page in WRITTEN if page.parent != ROOT} <= reached


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_PYTHON, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_in_the_documentation_runs(page: Path, tmp_path: Path) -> None:
    """The blocks of a page run one after the other, as the cells of a notebook do, on two years of Saltmere: the same
    names, tables and scenarios, so that a page that calls what is no longer there fails as on ten years.
    """
    text = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    short_saltmere(tmp_path, 2027, ("NB1", "GB1"))
    run = subprocess.run(
        [sys.executable, "-"],
        input=text,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert run.returncode == 0, run.stderr


def commands_named(page: Path) -> set[str]:
    """The subcommands that the `sufficiency …` lines of a page's code blocks call."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return set(re.findall(r"^(?:\S*[/\\])?sufficiency ([a-z]+)", "\n".join(blocks), re.M))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_are_there(page: Path) -> None:
    assert commands_named(page) <= {name for name, _ in reference().commands()}


@pytest.mark.slow
def test_pages_show_what_the_example_prints() -> None:
    """Run `python docs/make_screens.py`, and `python -m tests.report.test_content` with the folder of the result, when
    this fails and the change is meant.
    """
    import sufficiency as sf

    result = sf.solve(sf.read(ROOT / "models" / "saltmere.toml"))
    assert script("make_screens").differing(result) == []
    assert (
        apart(said_of_saltmere(result), (ROOT / "tests/golden/report_saltmere.txt").read_text(encoding="utf-8")) == []
    )
    lines = script("make_screens").shown(result, "headline").splitlines()
    assert len(lines) <= 42  # then a blank line and where the result is: under 45 in all


def test_the_readme_begins_with_what_it_is_a_picture_the_commands_and_ten_lines_of_the_screen() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    top = "\n".join(lines[:40])
    (picture,) = re.findall(r"!\[[^\]]{40,}\]\(([^)]+\.png)\)", top)
    assert (ROOT / picture).stat().st_size < 200_000
    assert "pip install . && .venv/bin/sufficiency plan models/saltmere.toml\n" in top
    assert lines.index("```text") + 10 <= 39


def test_a_block_of_the_screen_is_put_between_its_fences(monkeypatch: pytest.MonkeyPatch) -> None:
    made = script("make_screens")
    monkeypatch.setattr(made, "screen", lambda result, detail=False: f"Head\n\nMoney {detail}\n  £1\n\nEnd\n")
    page = "<!-- screen: Money -->\n```text\nold\n```\n\n<!-- screen: headline -->\n```text\n```\n"
    page += "\n```text\nkept\n```\n"
    assert made.page_with(None, page) == (
        "<!-- screen: Money -->\n```text\nMoney True\n  £1\n```\n\n"
        "<!-- screen: headline -->\n```text\nHead\n\nMoney False\n  £1\n\nEnd\n```\n\n```text\nkept\n```\n"
    )
    with pytest.raises(LookupError, match="Nothing"):
        made.shown(None, "Nothing")
