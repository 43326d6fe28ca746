"""The glossary: names in its code column are in the code, and no term stands twice."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "glossary.md"
NONE = "–"


def rows() -> list[list[str]]:
    """The cells of every row: planner, field, code, meaning."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "planner" and not row[0].startswith("---")]


def names_in_code() -> set[str]:
    """Classes and functions of the package, and `Class.name` of what a class has: fields and methods."""
    names: set[str] = set()
    for file in sorted((ROOT / "sufficiency").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.ClassDef):
                names.add(node.name)
                for part in node.body:
                    if isinstance(part, ast.FunctionDef):
                        names.add(f"{node.name}.{part.name}")
                    elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                        names.add(f"{node.name}.{part.target.id}")
    return names


def test_every_name_in_the_code_column_is_in_the_code() -> None:
    named = [re.fullmatch(r"`([\w.]+)`", row[2]) for row in rows()]
    assert len(named) >= 40
    assert all(named), "the code column has one name a row, as code"
    assert sorted({one[1] for one in named if one} - names_in_code()) == []


def test_no_term_stands_twice() -> None:
    for column in range(3):
        terms = [term.strip(" *") for row in rows() for term in re.split(r";", row[column]) if term.strip() != NONE]
        twice = sorted({term for term in terms if terms.count(term) > 1})
        assert twice == [], f"column {column + 1}"


def test_every_row_has_a_meaning() -> None:
    assert [row for row in rows() if len(row) != 4 or not row[3]] == []
