"""Below what a number counts as none: one place for all rooms but the certificate, which has its own."""

from __future__ import annotations

NOBODY = 1e-9
"""Children: fewer are rounding; room for fewer is none."""
SMALLEST_MISS = 1e-6
"""Children: a rule missed by fewer is kept; fewer who wait, or places that stand empty, are none."""
PRIMAL_FEASIBILITY = 1e-9
"""Children: asked of HiGHS, so that the certificate's 1e-6 is never in doubt."""
GAP_TOLERANCE = 1e-6
"""Relative gap from which a plan counts as the cheapest."""
CLOSED_GAP = 1e-9
"""Relative gap at which the bound over all arcs meets the objective."""
FREE = 1e-6
"""£ for a child above the places, at or below which the solver may leave slack that nobody uses."""
TIED = 1e-4
"""£ a child: arcs and rows priced below this may move without changing the cost."""
WORTH_A_COLUMN = 1e-3
"""£ a child: arcs that would save less are not worth a column in a live model; who waits is not said to for less."""
SAME_MINUTES = 1e-6
"""Minutes: journeys no further apart are as long as each other."""
SAME_WEIGHT = 1e-9
"""Share of a weight: a difference of less is rounding."""
