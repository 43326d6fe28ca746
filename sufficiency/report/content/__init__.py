"""The register of figures: every headline figure of a result once, with the cell of the table it is read from.

Whatever prints a figure (screen, and later page, workbook and paper) takes it from here; nothing is worked out twice.
"""

from __future__ import annotations

from sufficiency.report.content.figure import TODAY, Figure, Kind
from sufficiency.report.content.kinds import ALSO_IN_MEASURES, KINDS
from sufficiency.report.content.register import Register, figures

__all__ = ["ALSO_IN_MEASURES", "KINDS", "TODAY", "Figure", "Kind", "Register", "figures"]
