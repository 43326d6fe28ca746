"""Words that a council officer would read twice are in no message and on no page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOST = re.compile(
    r"\b(told|mends?|mended|afresh|at the least|goes through|whoever|whereabouts|nil|dear|dearer|dearest)\b",
    re.IGNORECASE,
)
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "bench").glob("*.md"),
    *(ROOT / "data").rglob("*.md"),
]
KNOWN_WORDS = {"numbers.py", "readers.py"}
"""Modules that know what people write in cells: `nil` is one of these words."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_has_them(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert LOST.findall(prose) == []


def test_no_message_has_them() -> None:
    """Every text in the code that is neither a docstring nor a name."""
    found = []
    for path in sorted((ROOT / "sufficiency").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found += [
            f"{path.name}:{text.lineno}: {text.value}"
            for text in texts
            if id(text) not in alone and " " in text.value and LOST.search(text.value) and path.name not in KNOWN_WORDS
        ]
    assert found == []
