"""Spending by section 251 line: financial years, in the columns of the budget statement as far as the model knows."""

from __future__ import annotations

import pandas as pd

from sufficiency.codes import BUDGET_LINES, NOT_MODELLED
from sufficiency.report.content.returns.form import NOTE, Return
from sufficiency.report.content.tables.planned import Planned
from sufficiency.report.content.tables.table import Unit

NO_LINE = "not tagged"
COLUMN = {
    "early_years": "early_years",
    "special_school": "sen_and_special",
    "special_free_school": "sen_and_special",
    "independent": "sen_and_special",
    "non_maintained": "sen_and_special",
    "hospital": "sen_and_special",
    "alternative_provision": "ap_pru",
    "college": "post_16",
    "specialist_post_16": "post_16",
}
"""Type of setting → column of the statement; of other types the phase of the child says which."""
COLUMNS = ("early_years", "primary", "secondary", "sen_and_special", "ap_pru", "post_16", "not_split")
BY_PHASE = ("resource_base", "mainstream")
OF_PHASE = {"early_years": "early_years", "primary": "primary", "secondary": "secondary"}
INCOME = "income is not in the model: net is gross"
ESTIMATED = "primary, secondary and post-16 of bases estimated from the academic year that starts in it"
UNSPLIT = "EOTAS, home education, interim provision and what is not modelled are in the column Not split."
MATCHED = (
    "A budget line is a section 251 line where it begins with its number and a space, or is its number: “1.2.1 Top-up” "
    "is 1.2.1, “1.2.10” is not. Other lines, home to school transport among them, are not tagged."
)


def tag_of(line: str) -> str:
    """The section 251 high-needs line that a budget line is; blank for none."""
    return next((code for code in BUDGET_LINES if f"{line.strip()} ".startswith(f"{code} ")), "")


def section_251(planned: Planned) -> Return:
    """Spending of the plan, and of what it does not plan where it is given, by section 251 line."""
    spend = planned.rows("spend_financial")
    parts = _parts(planned)
    split = spend.merge(parts, left_on=["financial_year", *_KEY], right_on=["year", *_KEY], how="left")
    fixed = [COLUMN.get(kind, "not_split") for kind in split["type"]]
    split["column"] = split["column"].where(split["column"].notna(), pd.Series(fixed, index=split.index))
    split["pounds"] *= split["part"].fillna(1.0)
    keys = ["financial_year", "budget_line", "fund"]
    wide = split.pivot_table(index=keys, columns="column", values="pounds", aggfunc="sum")
    wide = wide.reindex(columns=list(COLUMNS)).fillna(0.0).reset_index()
    wide[list(COLUMNS)] = wide[list(COLUMNS)].round(6)
    wide["net"] = wide[list(COLUMNS)].sum(axis=1).round(6)
    wide["income"] = float("nan")
    wide["s251_line"] = [tag_of(line) or NO_LINE for line in wide["budget_line"]]
    wide["line_name"] = [BUDGET_LINES.get(tag_of(line), "") for line in wide["budget_line"]]
    fixed_types = spend[spend["type"] == NOT_MODELLED].groupby(keys).size()
    by_phase = split[split["part"].notna()].groupby(keys).size()
    notes = []
    for row in wide[keys].itertuples(index=False):
        said = [INCOME]
        said += [ESTIMATED] if tuple(row) in by_phase.index else []
        said += ["not modelled: as given, not split"] if tuple(row) in fixed_types.index else []
        notes.append("; ".join(said))
    wide[NOTE] = notes
    order = {code: place for place, code in enumerate(BUDGET_LINES)}
    wide = wide.sort_values(
        ["financial_year", "s251_line", "budget_line", "fund"],
        key=lambda column: (
            column.map(lambda code: order.get(code, len(order))) if column.name == "s251_line" else column
        ),
        kind="stable",
        ignore_index=True,
    )
    values = (*COLUMNS, "income", "net")
    return Return(
        name="s251",
        code="S251",
        short="Spending",
        title="Spending by section 251 line",
        about="Cash of the financial year, as planned. A row is a budget line as the model calls it.",
        source="spend_financial.csv, spend_by_need.csv",
        keys=("financial_year", "s251_line", "line_name", "budget_line", "fund"),
        values=dict.fromkeys(values, Unit.POUNDS),
        frame=wide,
        headings={
            "financial_year": "Financial year",
            "s251_line": "Section 251 line",
            "line_name": "Name of the line",
            "budget_line": "Budget line of the model",
            "fund": "Fund",
            "early_years": "Early years",
            "sen_and_special": "SEN and special schools",
            "ap_pru": "AP and PRUs",
            "post_16": "Post-16",
            "not_split": "Not split",
        },
        notes=(MATCHED, UNSPLIT),
    )


_KEY = ["budget_line", "type", "fund"]


def _parts(planned: Planned) -> pd.DataFrame:
    """Of spending on bases and ordinary classes, the part of each column of the statement in an academic year: year,
    budget_line, type, fund, column, part.
    """
    rows = planned.rows("spend_by_need")
    rows = rows[rows["type"].isin(BY_PHASE) & (rows["phase"] != "")]
    school = {phase.code: phase.school_phase for phase in planned.case.model.phase_list}
    rows = rows.assign(column=[OF_PHASE.get(school.get(phase, ""), "post_16") for phase in rows["phase"]])
    summed = rows.groupby(["year", *_KEY, "column"], as_index=False)["pounds"].sum()
    whole = summed.groupby(["year", *_KEY])["pounds"].transform("sum")
    parted = summed.assign(part=summed["pounds"] / whole.where(whole > 0))
    return pd.DataFrame(parted[["year", *_KEY, "column", "part"]])
