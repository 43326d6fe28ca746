"""Who is near what, for the screen of `check`: a gap is seen before a plan is solved."""

from __future__ import annotations

import pandas as pd

from sufficiency.case import Case
from sufficiency.codes import PHASE_LABELS
from sufficiency.report.content.near import MINUTES, near_places, near_summary
from sufficiency.report.screens.supply import row_phase
from sufficiency.report.words import academic_year, cut, sentences

MOST_CELLS = 5
_LABEL = 33
_WIDTH = 9


def near_screen(case: Case) -> str:
    """Children within 30, 45 and 60 minutes of a suitable place: by phase, and the needs and phases most out of
    reach; blank where nobody needs a place.
    """
    rows = near_summary(near_places(case))
    if rows.empty:
        return ""
    rows["phase"] = [row_phase(case, phase) for phase in rows["phase"]]
    rows = rows.groupby(["need", "phase"], sort=False).sum().reset_index()
    limits = "".join(f"{limit:>{_WIDTH - 4}} min" for limit in MINUTES)
    title = f"Near a suitable place, {academic_year(case.model.years[0])}"
    lines = [f"{title:<{_LABEL}}{'children':>{_WIDTH}}{limits}{'no place':>{_WIDTH}}"]
    order = dict.fromkeys(row_phase(case, phase.code) for phase in case.model.phase_list)
    named = {code: PHASE_LABELS.get(code, case.model.phase_label(code)) for code in order}
    lines += [_row(named[code], rows[rows["phase"] == code]) for code in order if (rows["phase"] == code).any()]
    lines.append(_row("All", rows))
    far = rows.assign(far=rows["children"] - rows["within_45"]).sort_values("far", ascending=False, kind="stable")
    far = far[far["far"] >= 0.5].head(MOST_CELLS)
    if len(far):
        lines.append("Most children more than 45 minutes away, or with no suitable place on the map:")
    lines += [_row(f"{row['need']}, {named[row['phase']]}", row.to_frame().T) for _, row in far.iterrows()]
    lines += sentences(
        "Suitable: designated for the need and phase, full or not, at a setting on the map that is not independent or "
        "non-maintained. --map FILE draws it."
    )
    return "\n".join(lines) + "\n"


def _row(label: str, rows: pd.DataFrame) -> str:
    children = float(rows["children"].sum())
    cells = [f"{round(children):,}"]
    cells += [f"{_share(rows[f'within_{limit}'].sum(), children)}" for limit in MINUTES]
    cells.append(f"{round(float(rows['no_place'].sum())):,}")
    return f"  {cut(label, _LABEL - 4):<{_LABEL - 2}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.0%}" if whole > 0 else "–"
