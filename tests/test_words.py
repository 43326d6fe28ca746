"""Words that a council officer would read twice are in no message, page, docstring or script, and no name is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sufficiency"
LOST = re.compile(
    r"\b(told|mends?|mended|afresh|at the least|goes through|whoever|whereabouts|so many|nil|dear|dearer|dearest)\b",
    re.IGNORECASE,
)
LOST_NAMES = {
    "told",
    "mend",
    "mends",
    "mended",
    "afresh",
    "whoever",
    "seen",
    "kept",
    "nil",
    "dear",
    "dearer",
    "dearest",
}
"""Parts of names that say neither what an object is nor what a function does."""
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "docs").rglob("*.txt"),
    *(ROOT / "bench").glob("*.md"),
    *(ROOT / "data").rglob("*.md"),
]
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "plan" not in path.relative_to(PACKAGE).parts]
"""`plan` has its own turn."""
SCRIPTS = sorted(PACKAGE.rglob("*.js"))
KNOWN_WORDS = {"numbers.py", "readers.py"}
"""Modules that know what people write in cells: `nil` is one of these words."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_has_them(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert LOST.findall(prose) == []


def test_no_message_has_them() -> None:
    """Every text in the code that is neither a docstring nor a name."""
    assert [said for path in sorted(PACKAGE.rglob("*.py")) for said in lost_texts(path, docstrings=False)] == []


def test_no_docstring_has_them() -> None:
    assert [said for path in MODULES for said in lost_texts(path, docstrings=True)] == []


def test_no_comment_has_them() -> None:
    comments = re.compile(r"(?:^|\s)#(?!:) (.*)$", re.MULTILINE)
    assert [
        f"{path.name}: {comment}"
        for path in MODULES
        for comment in comments.findall(path.read_text(encoding="utf-8"))
        if LOST.search(comment) and path.name not in KNOWN_WORDS
    ] == []


def test_no_name_is_one() -> None:
    given = {(path.name, name) for path in MODULES for name in names_given(path) if is_lost(name)}
    assert given == set()


def test_no_script_has_them() -> None:
    text = {path.name: path.read_text(encoding="utf-8") for path in SCRIPTS}
    assert len(text) > 3
    assert [f"{name}: {LOST.findall(script)}" for name, script in text.items() if LOST.search(script)] == []
    words = {name: re.findall(r"\b[A-Za-z]\w*", re.sub(r"/\*.*?\*/", "", script)) for name, script in text.items()}
    assert [f"{name}: {word}" for name, of_it in words.items() for word in of_it if is_lost(word)] == []


@pytest.mark.parametrize(
    ("name", "lost"),
    [("told", True), ("_what_is_told", True), ("flowsKept", True), ("hold", False), ("recommended", False)],
)
def test_a_name_is_lost_where_a_part_of_it_is(name: str, lost: bool) -> None:
    assert is_lost(name) is lost


def is_lost(name: str) -> bool:
    parts = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).casefold().split("_")
    return not LOST_NAMES.isdisjoint(parts)


def lost_texts(path: Path, *, docstrings: bool) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for text in ast.walk(tree):
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str) or path.name in KNOWN_WORDS:
            continue
        if (id(text) in alone) is docstrings and " " in text.value and LOST.search(text.value):
            yield f"{path.name}:{text.lineno}: {text.value}"


def names_given(path: Path) -> Iterator[str]:
    """Names that a module gives to functions, classes, parameters and variables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
