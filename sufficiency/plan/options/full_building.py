"""Closings that a plan cannot weigh: two or more in one building that has more children than it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sufficiency.plan.options.option import Option
from sufficiency.plan.rows.instance import Instance
from sufficiency.problems import Problem

A_CHILD = 1e-9
"""Children above the room of a building that are none."""


def closings_in_a_full_building(base: Instance, found: Sequence[Option]) -> list[Problem]:
    """A problem for each such building. The limit of a building that has more children than it holds is theirs,
    max(room, children): what two closings change in it together is not the sum of what each does, so that it is not
    linear in what opens.
    """
    data, tables = base.data, base.case.tables
    closing = sorted({one.closes for one in found if one.closes >= 0})
    problems = []
    for setting in np.flatnonzero(data.limited_lines[:, closing].sum(axis=1) >= 2):
        children = base.settled.held @ data.limited_lines[setting, data.pair_line]
        full = np.flatnonzero(children[1:] > data.physical[1:, setting] + A_CHILD) + 1
        if not len(full):
            continue
        those = [one.option for one in found if one.closes >= 0 and data.limited_lines[setting, one.closes]]
        building = data.setting_codes[data.limited[setting]]
        what = (
            f"{', '.join(those)} close lines of one building ({building}) that has more children in "
            f"{data.years[full[0]]} than its physical_places: the plan cannot weigh both"
        )
        fix = "leave all but one of these closings out, or give the building the physical_places that it uses"
        file = tables.called.get("options", "options")
        problems.append(Problem(what, file, column="closes_line", value=str(building), fix=fix))
    return problems
