"""What a command waits for: heavy packages are imported only by what uses them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOY = Path(__file__).parent / "toy" / "toy.toml"
HEAVY = (
    "docx",
    "docxtpl",
    "geopandas",
    "highspy",
    "jinja2",
    "matplotlib",
    "openpyxl",
    "pandas",
    "pulp",
    "pydantic",
    "scipy",
    "xlsxwriter",
)
IN_ITS_OWN_PROCESS = """
import atexit, sys
atexit.register(lambda: print("imported", *sorted({name.partition(".")[0] for name in sys.modules})))
from sufficiency.cli import main
main()
"""


@pytest.mark.parametrize(
    ("words", "needed"),
    [(["--help"], set()), (["check", str(TOY), "--quiet"], {"geopandas", "pandas", "pydantic"})],
    ids=["help", "check"],
)
def test_a_command_imports_what_it_needs(words: list[str], needed: set[str]) -> None:
    """Help needs nothing; a check of CSV files and GeoJSON reads tables and maps, and neither solves nor draws."""
    ran = subprocess.run(
        [sys.executable, "-c", IN_ITS_OWN_PROCESS, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    imported = set(ran.stdout.splitlines()[-1].split()[1:])
    assert imported & set(HEAVY) == needed
