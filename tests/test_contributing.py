"""What CONTRIBUTING says of the tree is so: the files it names, the rooms, the reasons of long modules."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LONGEST = 300


def section(heading: str) -> str:
    return TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_files_to_change_are_there() -> None:
    named = re.findall(r"`([\w/]+(?:\.\w+|/))`", section("Where do I change …?"))
    assert len(named) > 50
    missing = [name for name in named if not any((folder / name).exists() for folder in (ROOT, ROOT / "sufficiency"))]
    assert missing == []


def test_ten_usual_changes_have_a_row() -> None:
    rows = [line for line in section("Where do I change …?").splitlines() if line.startswith("| a")]
    assert len(rows) == 10


def test_the_picture_has_the_rooms_that_imports_are_held_to() -> None:
    """The names at the left of each picture, from the top, are the layers of a contract in pyproject.toml."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = {one["containers"][0]: one["layers"] for one in linter["contracts"] if one["type"] == "layers"}
    pictures = re.findall(r"```text\n(.*?)```", section("How the house is laid out"), re.S)
    for room, picture in zip(("sufficiency", "sufficiency.plan"), pictures, strict=True):
        shown = re.findall(r"[a-z_]+", " ".join(line[:24] for line in picture.splitlines()))
        assert shown == re.findall(r"[a-z_]+", " ".join(layers[room]))


def test_a_long_module_has_a_reason() -> None:
    long = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "sufficiency").rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }
    given = set(re.findall(r"^- `(sufficiency/[\w/]+\.py)`: \w+", TEXT, re.M))
    assert given == long
