"""The colours of a report, as the style sheet of the page has them: the workbook and the paper use the same."""

from __future__ import annotations

import re
from pathlib import Path

PALETTE: dict[str, str] = dict(
    re.findall(
        r"--([a-z]+): (#[0-9a-f]{6});", (Path(__file__).parent / "page" / "style.css").read_text(encoding="utf-8")
    )
)
"""Colour by its name: plan, nothing, limit, need, short, ink, quiet, rule, grey, mark …"""
