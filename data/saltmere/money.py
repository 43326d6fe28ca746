"""What Saltmere's places cost, and its ledger. Rates follow published averages; the README names the source
of each.
"""

from __future__ import annotations

import pandas as pd
from provision import all_lines, all_settings

Row = tuple[str | None, str | None, str | None, int, str, int | None]

# type, setting, need, top-up or fee, section 251 line, from_year. A row that names a need holds for that need
# only.
PER_CHILD: list[Row] = [
    ("resource_base", None, None, 12_000, "1.2.1", None),
    ("resource_base", None, "SEMH", 13_500, "1.2.1", None),
    ("resource_base", None, "MLD", 9_500, "1.2.1", None),
    ("resource_base", None, "HI", 13_000, "1.2.1", None),
    ("special_school", None, None, 15_500, "1.2.1", None),
    ("special_school", None, "ASD", 15_500, "1.2.1", None),
    ("special_school", None, "SEMH", 18_000, "1.2.1", None),
    ("special_school", None, "SLCN", 13_500, "1.2.1", None),
    ("special_school", None, "MLD", 12_000, "1.2.1", None),
    ("special_school", None, "SLD", 18_500, "1.2.1", None),
    ("special_school", None, "PMLD", 27_000, "1.2.1", None),
    ("special_school", None, "PD", 20_000, "1.2.1", None),
    ("special_free_school", None, None, 16_000, "1.2.2", None),
    ("special_free_school", None, "SEMH", 18_500, "1.2.2", None),
    ("alternative_provision", None, None, 12_000, "1.2.7", None),
    ("alternative_provision", "990403", None, 18_000, "1.2.7", None),
    ("alternative_provision", "990403", None, 16_500, "1.2.7", 2027),
    ("independent", None, None, 58_000, "1.2.3", None),
    ("independent", None, "SEMH", 62_000, "1.2.3", None),
    ("independent", "990503", None, 63_000, "1.2.3", None),
    ("independent", "990503", "ASD", 67_000, "1.2.3", None),
    ("independent", "990503", "SEMH", 71_000, "1.2.3", None),
    ("independent", "990503", "SLCN", 57_000, "1.2.3", None),
    ("independent", "990503", "PMLD", 92_000, "1.2.3", None),
    ("non_maintained", None, None, 44_000, "1.2.3", None),
    ("non_maintained", None, "PMLD", 60_000, "1.2.3", None),
    ("eotas", None, None, 45_000, "1.2.7", None),
    ("college", None, None, 14_000, "1.2.2", None),
    ("college", None, "PMLD", 24_000, "1.2.2", None),
    ("specialist_post_16", None, None, 46_000, "1.2.3", None),
    ("early_years", None, None, 9_500, "1.2.1", None),
]
# type, place funding, place funding of an empty place
PER_PLACE = [
    ("resource_base", 6_000, 10_000),
    ("special_school", 10_000, None),
    ("special_free_school", 10_000, None),
    ("alternative_provision", 10_000, None),
    ("early_years", 6_000, None),
]
PLACE_LINE = "1.0.2"
TRANSPORT = 10_800_000  # of children in specialist places, General Fund
EARLIER_YEAR = 0.955  # this year's ledger has five months of the academic year before, which was cheaper

# What is set aside for each line in 2026/27, as a share of what was spent in 2025/26: the grant stands still.
BUDGET_SHARE = {
    "1.0.2": 1.0,
    "1.2.1": 0.94,
    "1.2.2": 0.92,
    "1.2.3": 0.70,
    "1.2.4": 0.95,
    "1.2.7": 0.68,
    "transport": 0.92,
}
GRANT_GROWTH = 0.025  # a year from 2027/28
FIRST_YEAR, LAST_YEAR = 2025, 2035

# Spending the plan does not move: budget line, fund, pounds in 2025/26, growth a year.
OTHER = [
    ("1.2.4", "dsg", 16_900_000, 0.060),  # top-ups for some 2,000 plans in ordinary mainstream classes
    ("1.2.5", "dsg", 2_350_000, 0.030),
    ("1.2.6", "dsg", 460_000, 0.030),
    ("1.2.8", "dsg", 1_120_000, 0.030),
    ("1.2.11", "dsg", 640_000, 0.040),
    ("1.2.13", "dsg", 890_000, 0.035),
    ("transport", "general_fund", 1_650_000, 0.045),  # children with plans in ordinary mainstream classes
]


def costs_table() -> pd.DataFrame:
    """`costs.csv`: fees and top-ups, then place funding."""
    fees = pd.DataFrame(PER_CHILD, columns=["type", "setting", "need", "per_child", "budget_line", "from_year"])
    funding = pd.DataFrame(PER_PLACE, columns=["type", "per_place", "per_empty_place"]).assign(
        place_budget_line=PLACE_LINE
    )
    table = pd.concat([fees, funding], ignore_index=True).reindex(columns=[
        "type", "setting", "need", "phase", "per_child", "per_place", "per_empty_place", "budget_line",
        "place_budget_line", "from_year",
    ])  # fmt: skip
    return table.astype(dict.fromkeys(("per_child", "per_place", "per_empty_place", "from_year"), "Int64"))


def budget_table(children: pd.DataFrame) -> pd.DataFrame:
    """`budget.csv`: the ledger of the base year, then what the grant allows, other spending included."""
    ledger = {line: pounds * EARLIER_YEAR for line, pounds in _base_year_spend(children).items()} | {
        "transport": TRANSPORT
    }
    for line, _, pounds, _ in OTHER:
        ledger[line] = ledger.get(line, 0) + pounds
    rows = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for line, spent in sorted(ledger.items()):
            allowed = (
                1.0
                if year == FIRST_YEAR
                else BUDGET_SHARE.get(line, 1.0) * (1 + GRANT_GROWTH) ** (year - FIRST_YEAR - 1)
            )
            rows.append((year, line, int(round(spent * allowed, -3))))
    return pd.DataFrame(rows, columns=["financial_year", "budget_line", "pounds"])


def other_spend_table() -> pd.DataFrame:
    """`other_spend.csv`: each line growing steadily."""
    rows = [
        (year, line, fund, int(round(pounds * (1 + growth) ** (year - FIRST_YEAR), -3)))
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for line, fund, pounds, growth in OTHER
    ]
    return pd.DataFrame(rows, columns=["financial_year", "budget_line", "fund", "pounds"])


def _base_year_spend(children: pd.DataFrame) -> dict[str, float]:
    """A full academic year of the base year's placements and places, by section 251 line."""
    lines = {line.line: line for line in all_lines()}
    settings = {s.setting: s for s in all_settings()}
    spend: dict[str, float] = {}
    for (name, need), count in children[children["line"] != "awaiting"].groupby(["line", "need"]).size().items():
        setting = settings[lines[name].setting]
        pounds, budget_line = _fee(lines[name].type or setting.type, setting.setting, need)
        spend[budget_line] = spend.get(budget_line, 0) + count * pounds
    filled = children.groupby("line").size()
    funding = {kind: (full, empty) for kind, full, empty in PER_PLACE}
    for line in lines.values():
        kind = line.type or settings[line.setting].type
        if line.places is None or line.from_year > FIRST_YEAR or kind not in funding:
            continue
        full, empty = funding[kind]
        spare = max(line.places - line.imported - line.reserved - int(filled.get(line.line, 0)), 0)
        spend[PLACE_LINE] = spend.get(PLACE_LINE, 0) + line.places * full + (spare * (empty - full) if empty else 0)
    return spend


def _fee(kind: str, setting: str, need: str) -> tuple[int, str]:
    """The most specific row that holds in the base year: a setting before its type, a need before none."""
    holds = [
        row
        for row in PER_CHILD
        if row[0] == kind and row[1] in (None, setting) and row[2] in (None, need) and row[5] is None
    ]  # fmt: skip
    best = max(holds, key=lambda row: (row[1] is not None, row[2] is not None))
    return best[3], best[4]
