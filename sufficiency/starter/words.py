"""The words of the templates: the model file, the README and rows to show how a table is filled in."""

from __future__ import annotations

from sufficiency.codes import LEVELS, NEEDS, PHASE_LABELS, SCHOOL_PHASES, SETTING_TYPES
from sufficiency.tables.schema.columns import Column
from sufficiency.tables.schema.forecast import FORECAST_INPUTS
from sufficiency.tables.schema.inputs import INPUTS

MODEL_NAME = "my-area"

BASE_YEAR = 2025
_FIRST, _LAST = BASE_YEAR + 1, 2035

SPECS = {**INPUTS, **FORECAST_INPUTS}
"""Every table that a planner may give."""
_POINT_COLUMNS = ("area", "name", "locality", "x", "y")
"""Of the areas, what a table of points needs; polygons come as a map layer instead."""


def _demand(area: str, need: str, phase: str, children: tuple[float, ...]) -> list[dict[str, object]]:
    return [
        {"area": area, "need": need, "phase": phase, "year": BASE_YEAR + later, "children": number}
        for later, number in enumerate(children)
    ]


EXAMPLE_ROWS: dict[str, list[dict[str, object]]] = {
    "areas": [
        {"area": "E05000001", "name": "North Ward", "locality": "North", "x": 530000, "y": 181000},
        {"area": "E05000002", "name": "South Ward", "locality": "South", "x": 533000, "y": 176000},
    ],
    "demand": [
        *_demand("E05000001", "ASD", "primary", (12, 12.6, 13.1)),
        *_demand("E05000002", "SEMH", "secondary", (9, 9.4, 9.7)),
    ],
    "settings": [
        {"setting": "100001", "name": "Hill Primary School", "type": "resource_base", "x": 530400, "y": 180800},
        {"setting": "100002", "name": "Vale Special School", "type": "special_school", "x": 532500, "y": 177000},
        {"setting": "INDEP", "name": "Independent schools", "type": "independent", "km": 22, "minutes": 45},
    ],
    "places": [
        {
            "line": "HILL",
            "setting": "100001",
            "needs": "ASD SLCN",
            "phases": "primary",
            "from_year": 2025,
            "places": 10,
        },
        {
            "line": "VALE",
            "setting": "100002",
            "needs": "ASD SEMH",
            "phases": "primary secondary",
            "from_year": 2025,
            "places": 8,
        },
        {"line": "INDEP", "setting": "INDEP", "from_year": 2025},
    ],
    "placements": [
        {"area": "E05000001", "need": "ASD", "phase": "primary", "line": "HILL", "children": 9},
        {"area": "E05000001", "need": "ASD", "phase": "primary", "line": "awaiting", "children": 1},
        {"area": "E05000001", "need": "ASD", "phase": "primary", "line": "INDEP", "children": 2},
        {"area": "E05000002", "need": "SEMH", "phase": "secondary", "line": "VALE", "children": 7},
        {"area": "E05000002", "need": "SEMH", "phase": "secondary", "line": "INDEP", "children": 2},
    ],
    "costs": [
        {
            "type": "resource_base",
            "per_child": 9000,
            "per_place": 6000,
            "budget_line": "1.2.1",
            "place_budget_line": "1.0.2",
        },
        {
            "type": "special_school",
            "per_child": 15000,
            "per_place": 10000,
            "budget_line": "1.2.1",
            "place_budget_line": "1.0.2",
        },
        {"type": "independent", "per_child": 62000, "budget_line": "1.2.3"},
    ],
    "options": [
        {
            "option": "HILL2",
            "setting": "100001",
            "line": "HILL",
            "places": 6,
            "earliest": 2026,
            "latest": 2027,
            "capital": 250000,
        },
    ],
    "budget": [
        {"financial_year": 2026, "budget_line": "1.2.1", "pounds": 230000},
        {"financial_year": 2026, "budget_line": "1.2.3", "pounds": 280000},
    ],
    "other_spend": [
        {"financial_year": 2026, "budget_line": "1.2.4", "pounds": 90000, "fund": "dsg"},
        {"financial_year": 2026, "budget_line": "1.2.5", "pounds": 40000, "fund": "dsg"},
    ],
    "travel": [
        {"area": "E05000001", "setting": "100001", "minutes": 12, "km": 4.1},
        {"area": "E05000002", "setting": "100002", "minutes": 9, "km": 2.8},
    ],
    "history": [
        {"area": "E05000001", "need": "ASD", "age_band": "primary", "year": 2024, "plans": 11},
        {"area": "E05000001", "need": "ASD", "age_band": "primary", "year": 2025, "plans": 12},
    ],
}
"""Rows for each table of a template: made up, and together a model that plans."""

_ABOUT: dict[str, str] = {
    "areas": "Points serve; for shaded maps name a layer of polygons in the model file instead, such as a GeoPackage.",
    "demand": "One row for each area, need, phase and year, the base year and every year planned.",
    "places": "When the number of places changes, add a row with the year from which it holds.",
    "placements": "Use the line `awaiting` for children known to wait for a place.",
    "options": "May stay empty: then the plan is one of the places that there are.",
    "budget": "May stay empty. Rows of the base year are your ledger. Give other_spend for the same years.",
    "other_spend": "Mainstream top-ups, support services, therapies, hospital. Without it no overspend is reported.",
    "travel": 'May stay empty: journeys are then computed. To use it, set method = "matrix" in the model file.',
    "history": "For `sufficiency forecast`, which makes the demand table from it. May stay empty.",
}


def template_columns(table: str) -> list[Column]:
    """The columns of a template: those of the catalogue; of the areas, those that points need."""
    columns = SPECS[table].columns
    return [column for column in columns if table != "areas" or column.name in _POINT_COLUMNS]


def must(column: Column) -> str:
    """Whether the column must be there and filled in, in words."""
    if not column.required:
        return "Optional."
    return "The column must be there; a cell may be blank." if column.blank else "Must be filled in."


def model_text(paths: dict[str, str]) -> str:
    """The model file of a template, naming its tables."""
    tables = "\n".join(f'{table} = "{path}"' for table, path in paths.items())
    phases = "\n".join(f"{code} = [{first}, {last}]" for code, (first, last) in SCHOOL_PHASES.items())
    return f"""\
# Your model: which years are planned, and where the tables are. Fill in the tables, then run `sufficiency check` on it.
# A year is the September in which an academic year starts: {_FIRST} means {_FIRST}/{_FIRST % 100 + 1}.
# Money is in pounds of the base year.

name = "My area"
base_year = {BASE_YEAR}                    # the last year known: where children are placed today
years = [{_FIRST}, {_LAST}]                # first and last year of the plan

[tables]                            # paths are relative to this file; book.xlsx#sheet names one sheet
{tables}

[phases]                            # first and last national curriculum year; Reception is 0
{phases}

[travel]
method = "straight_line"            # calibrated to roads

[finance]
awaiting_cost = 14_000              # interim tuition for a child who waits, for a year: an assumption; put in yours
# capital_budget = 5_000_000        # our own capital for options, all years together; without it there is no limit
# opening_dsg_balance = -8_000_000  # DSG balance on 1 April {_FIRST}; a deficit is negative; without it, no balance
# Growth of costs a year. These are the defaults, which are assumptions; put in your own.
inflation = {{ independent = 0.06, transport = 0.04, default = 0.03 }}

# A what-if is the model with a few changes. Run it with --scenario more-demand.
[scenarios.more-demand]
about = "One in ten more children than forecast need a specialist place"
edit = [{{ table = "demand", where = {{ year = {{ from = {_FIRST}, to = {_LAST} }} }}, times = {{ children = 1.1 }} }}]
"""


_START = (
    "Fill in areas, demand, settings, places, placements and costs, in this order, and options if you have schemes.",
    "Then budget and other_spend, for overspends and the deficit, and travel if you have a table of journeys.",
    f"Run `sufficiency check models/{MODEL_NAME}.toml`. It names every problem with its file, row and column.",
    f"When it finds none, run `sufficiency plan models/{MODEL_NAME}.toml`.",
)
_RULES = (
    "Keep the column names. Columns of your own are ignored. Optional columns may be left blank or deleted.",
    "A year is the September in which an academic year starts: 2026 means 2026/27.",
    "Numbers have no £ and no %: a share is 0.8. Money is pounds, distance km, time minutes one way.",
    "In needs, phases, levels and can_meet write codes with spaces between: ASD SLCN. Blank needs or phases mean all.",
)


def _codes() -> dict[str, str]:
    return {
        "Needs": "; ".join(f"{code} {words}" for code, words in NEEDS.items()),
        "Phases": "; ".join(f"{code} {PHASE_LABELS[code]}" for code in SCHOOL_PHASES),
        "Types of setting": "; ".join(f"{code} {words}" for code, words in SETTING_TYPES.items()),
        "Levels": "; ".join(f"{code} {words}" for code, words in LEVELS.items()),
    }


def readme_lines() -> list[str]:
    """The sheet that explains a workbook, a line a row."""
    lines = ["How to fill in this workbook", "", *_START, "", *_RULES, ""]
    lines.append("Blue headers must stay; grey ones are optional. Point at a header to see what goes under it.")
    lines += [f"{table}: {SPECS[table].meaning}. {_ABOUT.get(table, '')}".strip() for table in EXAMPLE_ROWS]
    lines += ["", *(f"{title}: {codes}" for title, codes in _codes().items())]
    return [line.replace("`", "") for line in lines]


def readme(where: str) -> str:
    """The README of a template: each table's columns, its codes, and example rows."""
    parts = [
        "# A model of your own",
        f"The tables are {where}; `models/{MODEL_NAME}.toml` names them and says which years are planned.",
        "\n".join(f"{number}. {line}" for number, line in enumerate(_START, 1)),
        "\n".join(f"- {line}" for line in _RULES),
        *(_table_section(table) for table in EXAMPLE_ROWS),
        "## Codes",
        *(f"{title}: {codes}." for title, codes in _codes().items()),
    ]
    return "\n\n".join(parts) + "\n"


def _table_section(table: str) -> str:
    spec = SPECS[table]
    lines = [f"## {table}", "", f"{spec.meaning}. {_ABOUT.get(table, '')}".strip(), ""]
    lines += ["| column | what goes there | unit | needed |", "|---|---|---|---|"]
    for column in template_columns(table):
        lines.append(f"| `{column.name}` | {column.meaning} | {column.unit} | {must(column)} |")
    rows = EXAMPLE_ROWS[table]
    names = [column.name for column in template_columns(table)]
    # a made-up example beside the table rather than in it: nobody plans with it by oversight
    lines += ["", "Made-up rows, to show how it is filled in:", "", "```"]
    lines += [",".join(names), *(",".join(str(row.get(name, "")) for name in names) for row in rows), "```"]
    return "\n".join(lines)
