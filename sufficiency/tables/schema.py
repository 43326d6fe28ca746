"""The catalogue of tables: every column that is read or written, what it means and in which unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "id",  # text that names something; Excel's 113842.0 reads as 113842, leading zeros stay
    "text",
    "need",
    "phase",
    "level",
    "type",
    "year",
    "number",
    "flag",
    "needs",  # several codes in one cell, apart by spaces; blank or `any` means all
    "phases",
    "levels",
    "ids",
    "numbers",
]


@dataclass(frozen=True)
class Column:
    """One column of a table. `required`: the column must be there; `blank`: a cell of it may be empty."""

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True
    blank: bool = False
    minimum: float | None = None
    maximum: float | None = None
    default: float | str | bool | None = None
    """What a blank cell reads as; None: the blank of its kind (all, for `needs`, `phases`)."""


@dataclass(frozen=True)
class TableSpec:
    """One table: its columns, those that together name a row, and whether it carries shapes on a map."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    spatial: bool = False

    def column(self, name: str) -> Column:
        """The column called `name`; raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def _optional(name: str, kind: Kind, meaning: str, unit: str = "", **more: float | str | bool | None) -> Column:
    return Column(name, kind, meaning, unit, required=False, blank=True, **more)  # type: ignore[arg-type]


def _amount(name: str, meaning: str, unit: str) -> Column:
    return Column(name, "number", meaning, unit, minimum=0)


_AREA = Column("area", "id", "area code")
_NEED = Column("need", "need", "primary need code (SEN2)")
_PHASE = Column("phase", "phase", "phase of the model")
_LEVEL = _optional("level", "level", "level of provision needed; blank: any", default="")
_YEAR = Column("year", "year", "September in which the academic year starts")
_CAN_MEET = _optional(
    "can_meet", "needs", "further needs it can meet though not designed for them; blank: none", default=""
)
_MATCH = _optional(
    "match", "number", "how well it meets `can_meet` (`needs` have 1)", minimum=0, maximum=1, default=0.5
)
_LEVELS = _optional("levels", "levels", "levels of provision it takes; blank: all")
_RULED_MONEY = (
    Column("financial_year", "year", "April in which the financial year starts (2026: 2026/27)"),
    Column("budget_line", "text", "section 251 line, or the council's own"),
)

INPUTS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            "areas",
            "The areas that children live in: polygons, or points",
            (
                _AREA,
                Column("name", "text", "name of the area"),
                Column("locality", "text", "planning area"),
                _optional("x", "number", "population-weighted centroid, British National Grid", "m"),
                _optional("y", "number", "population-weighted centroid, British National Grid", "m"),
                _optional("imd_decile", "number", "deprivation decile, 1 the most deprived", minimum=1, maximum=10),
            ),
            ("area",),
            spatial=True,
        ),
        TableSpec(
            "demand",
            "Children who need a specialist place, by year: the stock, base year included",
            (
                _AREA,
                _NEED,
                _PHASE,
                _LEVEL,
                _YEAR,
                _amount("children", "children who need a specialist place (an expected value)", "children"),
                _optional("low", "number", "5th percentile", "children", minimum=0),
                _optional("high", "number", "95th percentile", "children", minimum=0),
                _optional("simulation", "id", "one row per simulated path; the plan takes the mean"),
            ),
            ("area", "need", "phase", "level", "year", "simulation"),
        ),
        TableSpec(
            "settings",
            "Schools and other settings",
            (
                Column("setting", "id", "URN where there is one"),
                Column("name", "text", "name of the setting"),
                Column("type", "type", "type of setting"),
                _optional("x", "number", "easting, British National Grid", "m"),
                _optional("y", "number", "northing, British National Grid", "m"),
                _optional("latitude", "number", "instead of x, y", "degrees", minimum=-90, maximum=90),
                _optional("longitude", "number", "instead of x, y", "degrees", minimum=-180, maximum=180),
                _optional("locality", "text", "planning area; blank: where it stands"),
                _optional("opens", "year", "first year open", minimum=1000),
                _optional("closes", "year", "first year not open", minimum=1000),
                _optional("physical_places", "number", "most children the building holds", "children", minimum=0),
                _optional("school", "id", "URN of the parent of a satellite"),
                _optional("in_area", "flag", "false for other authorities' settings", default=True),
                _optional(
                    "recouped",
                    "flag",
                    "true where DfE funds the places and deducts it from the grant first (academies, colleges)",
                    default=False,
                ),
                _optional(
                    "km",
                    "number",
                    "journey one way, for a pooled setting without a place on the map",
                    "km",
                    minimum=0,
                ),
                _optional("minutes", "number", "journey one way, likewise", "minutes", minimum=0),
                _optional(
                    "transport_per_child",
                    "number",
                    "actual transport cost, instead of the computed one",
                    "£/child/year",
                    minimum=0,
                ),
            ),
            ("setting",),
            spatial=True,
        ),
        TableSpec(
            "places",
            "Lines of places: places commissioned at a setting for given needs and phases",
            (
                Column("line", "id", "name of the line of places"),
                Column("setting", "id", "setting it is at"),
                Column("needs", "needs", "needs it is designated for", blank=True),
                Column("phases", "phases", "phases it takes", blank=True),
                Column("from_year", "year", "first year this row holds"),
                Column(
                    "places",
                    "number",
                    "places commissioned; blank: no limit",
                    "places",
                    blank=True,
                    minimum=0,
                ),
                _optional("type", "type", "where it differs from the setting's"),
                _LEVELS,
                _optional(
                    "imported",
                    "number",
                    "places taken by other authorities' children",
                    "places",
                    minimum=0,
                    default=0.0,
                ),
                _optional(
                    "reserved",
                    "number",
                    "places of children outside the demand table",
                    "places",
                    minimum=0,
                    default=0.0,
                ),
                _CAN_MEET,
                _MATCH,
                _optional(
                    "overfill",
                    "number",
                    "share above its places a line may hold",
                    minimum=0,
                    maximum=5,
                    default=0.0,
                ),
            ),
            ("line", "from_year"),
        ),
        TableSpec(
            "placements",
            "Where children are in the base year",
            (
                _AREA,
                _NEED,
                _PHASE,
                _LEVEL,
                _optional("line", "id", "line of places, or `awaiting`"),
                _optional("setting", "id", "instead of the line, where only one line of it fits"),
                _amount("children", "children placed", "children"),
            ),
            ("area", "need", "phase", "level", "line"),
        ),
        TableSpec(
            "costs",
            "Rates in base-year £; blanks match anything and the most specific row holds",
            (
                _optional("type", "type", "type of setting"),
                _optional("setting", "id", "setting"),
                _optional("line", "id", "line of places"),
                _optional("level", "level", "level of provision needed"),
                _optional("need", "need", "primary need"),
                _optional("phase", "phase", "phase"),
                Column("per_child", "number", "top-up or fee", "£/child/year", blank=True, minimum=0),
                _optional("per_place", "number", "place funding", "£/place/year", minimum=0),
                _optional(
                    "per_empty_place",
                    "number",
                    "place funding of a place not filled",
                    "£/place/year",
                    minimum=0,
                ),
                _optional("budget_line", "text", "section 251 line of `per_child`"),
                _optional("place_budget_line", "text", "section 251 line of `per_place`; blank: as `budget_line`"),
                _optional("from_year", "year", "first year the row holds; blank: always", default=0),
            ),
            ("type", "setting", "line", "level", "need", "phase", "from_year"),
        ),
        TableSpec(
            "options",
            "Schemes that could be commissioned",
            (
                Column("option", "id", "name of the option"),
                Column("setting", "id", "setting it is at"),
                Column("needs", "needs", "needs it is designated for", blank=True),
                Column("phases", "phases", "phases it takes", blank=True),
                Column(
                    "places",
                    "number",
                    "places when full; blank where it closes a line",
                    "places",
                    blank=True,
                    minimum=0,
                ),
                _optional("earliest", "year", "first year it may open"),
                _optional("latest", "year", "last year it may open"),
                _optional("capital", "number", "capital", "£", minimum=0, default=0.0),
                _optional("name", "text", "name in words"),
                _optional("line", "id", "line it adds places to"),
                _optional("ramp", "numbers", "share of its places by year from opening"),
                _optional("per_year", "number", "fixed running cost", "£/year", minimum=0, default=0.0),
                _optional("group", "id", "at most one option of a group opens"),
                _optional("scalable", "flag", "may open in part", default=False),
                _optional(
                    "smallest_fill",
                    "number",
                    "least share of its places filled",
                    minimum=0,
                    maximum=1,
                    default=0.0,
                ),
                _optional("physical", "number", "rooms it builds; blank: its places", "children", minimum=0),
                _LEVELS,
                _CAN_MEET,
                _MATCH,
                _optional(
                    "closes_line",
                    "id",
                    "line that the option is to close; with places of its own it takes that line's place, and a line "
                    "that has not opened by the base year is then never opened",
                ),
                _optional(
                    "approved",
                    "text",
                    "`yes`: the statutory process is done, `earliest` needs no lead time; once any option says `yes` "
                    "or `no`, one that could open sooner than its process allows is an error",
                    default="",
                ),
                _optional(
                    "capital_by",
                    "text",
                    "`ours`, or `central` for capital that others pay and that no budget of ours limits",
                    default="ours",
                ),
            ),
            ("option",),
        ),
        TableSpec(
            "travel",
            "Journeys, where they are known",
            (
                _AREA,
                Column("setting", "id", "setting"),
                _amount("minutes", "journey one way", "minutes"),
                _amount("km", "journey one way", "km"),
            ),
            ("area", "setting"),
        ),
        TableSpec(
            "budget",
            "What the council has budgeted",
            (*_RULED_MONEY, Column("pounds", "number", "budget", "£")),
            ("financial_year", "budget_line"),
        ),
        TableSpec(
            "other_spend",
            "Spend that the model does not plan",
            (
                *_RULED_MONEY,
                Column("pounds", "number", "spend", "£"),
                Column("fund", "text", "dsg, general_fund or capital"),
            ),
            ("financial_year", "budget_line", "fund"),
        ),
    )
}


def _out(name: str, meaning: str, /, **columns: str) -> TableSpec:
    return TableSpec(name, meaning, tuple(_out_column(column, text) for column, text in columns.items()))


def _out_column(name: str, text: str) -> Column:
    meaning, _, unit = text.partition(" | ")
    kind: Kind = "year" if name in {"year", "financial_year"} or unit == "September" else "number" if unit else "text"
    return Column(name, kind, meaning, unit)


_LINE = {"line": "line of places", "setting": "setting"}
_YEAR_OUT = {"year": "September in which the academic year starts"}
_CELL = {"area": "area code", "need": "primary need", "phase": "phase"}
_MONEY = {
    "budget_line": "section 251 line",
    "type": "type of setting",
    "fund": "dsg, general_fund or capital",
    "pounds": "cash of the year, undiscounted | £",
}

OUTPUTS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        _out(
            "placements",
            "Children placed, by year",
            **_YEAR_OUT,
            **_CELL,
            **_LINE,
            children="children in the line that year | children",
            entrants="of them, those who enter it that year | children",
        ),
        _out(
            "occupancy",
            "Places and children by line",
            **_YEAR_OUT,
            **_LINE,
            type="type of setting",
            places="places for the children of the demand table; blank: no limit | places",
            children="children placed | children",
            over="children above the places | children",
            spare="places not filled; blank: no limit | places",
            fill="children ÷ places; blank: no limit or no places | share",
        ),
        _out(
            "awaiting",
            "Children awaiting a place",
            **_YEAR_OUT,
            **_CELL,
            children="children awaiting | children",
        ),
        _out(
            "place_values",
            "What one more place is worth",
            **_YEAR_OUT,
            **_LINE,
            pounds="saved by one more place that year, base-year present value | £",
            pounds_from="saved by one more place from that year on | £",
            net="pounds_from less its place funding | £",
            how="`resolved` (solved again with the place added) or `dual` (an upper bound)",
        ),
        _out(
            "gaps",
            "Where places are short: each child counted once",
            **_YEAR_OUT,
            locality="planning area of the children",
            need="primary need",
            phase="phase",
            demand="children who need a specialist place | children",
            state_places="placed within the places of state-funded settings | children",
            independent="placed in independent or other bought provision | children",
            by_pattern="in provision that is never chosen (EOTAS, home education) | children",
            awaiting="awaiting a place | children",
            over_places="placed above the places of a line | children",
            shortfall="awaiting + over places + independent for want of a cheaper state place | children",
        ),
        _out(
            "area_gaps",
            "The same shortfall by the area children live in",
            **_YEAR_OUT,
            **_CELL,
            demand="children who need a specialist place | children",
            shortfall="as in gaps | children",
        ),
        _out(
            "provision",
            "Children by type of provision",
            **_YEAR_OUT,
            type="type of setting",
            need="primary need",
            phase="phase",
            children="children placed | children",
            share="of the children of that year, need and phase | share",
        ),
        _out(
            "journeys",
            "Journeys of the children placed",
            **_YEAR_OUT,
            area="area code",
            phase="phase",
            type="type of setting",
            children="children placed | children",
            mean_km="mean journey one way | km",
            mean_minutes="mean journey one way | minutes",
            over_limit="children whose journey exceeds the limit of their phase | children",
        ),
        _out("spend", "Spend in academic years", **_YEAR_OUT, **_MONEY),
        _out(
            "spend_financial",
            "Spend in financial years",
            financial_year="April in which the financial year starts",
            **_MONEY,
        ),
        _out(
            "changes",
            "The plan against the unmitigated projection",
            **_YEAR_OUT,
            locality="planning area of the children",
            need="primary need",
            phase="phase",
            from_type="type of setting in the unmitigated projection",
            to_type="type of setting in the plan",
            children="children | children",
        ),
        _out(
            "place_funding",
            "What is paid for places whoever fills them",
            **_YEAR_OUT,
            budget_line="section 251 line; `recouped`: paid by DfE, out of the grant before the council gets it",
            type="type of setting",
            paid_by="who pays the school: council, or dfe (recouped)",
            places="places commissioned | places",
            empty="of them, places nobody fills | places",
            pounds="cash of the year, undiscounted | £",
            empty_pounds="of it, for places nobody fills | £",
        ),
        _out(
            "reconciliation",
            "The base year against the council's ledger",
            budget_line="section 251 line",
            model="spend of the base financial year as modelled, with what the model does not plan | £",
            ledger="the rows of `budget` for the base year | £",
            difference="model less ledger | £",
            academic_year="the base academic year in full, with what the model does not plan | £",
            timing="model less academic_year: April to August belong to the academic year before, estimated | £",
        ),
        _out(
            "overspend",
            "Budget lines against their budgets, where budget and other_spend are given",
            financial_year="April in which the financial year starts",
            budget_line="section 251 line",
            budget="the rows of `budget`; a line that has none has nothing | £",
            spend="as planned, with other_spend | £",
            over="spend less budget; below nil: under | £",
        ),
        _out(
            "deficit",
            "The Dedicated Schools Grant for high needs: what there is, what is spent, what is carried forward",
            financial_year="April in which the financial year starts",
            projection="plan or unmitigated",
            available="finance.high_needs_block, else what is budgeted on lines the DSG pays for | £",
            spend="on lines the DSG pays for, with other_spend | £",
            in_year="available less spend; below nil: a deficit | £",
            balance="finance.opening_dsg_balance and all years so far; blank: no opening balance | £",
            balance_with_grant="the same with the High Needs Stability Grant; blank: not known | £",
        ),
        _out(
            "measures",
            "The plan beside the unmitigated projection, a row a figure",
            period="academic (year), financial (year), or whole (the whole plan; its year is the first)",
            year="year in which the period starts",
            measure="what is counted",
            item="which type of setting, fund or budget line; blank: all",
            unit="children, minutes, km, places, share or £",
            plan="under the plan | number",
            unmitigated="if every place goes on being given as today; blank: no such figure | number",
        ),
        _out(
            "rules",
            "Policy rules: limit, value and price, each in the rule's own unit: children, or minutes one way",
            rule="name of the rule; of a rule on the mean journey with the locality, as `Short journeys: North`",
            **_YEAR_OUT,
            limit="most or least the rule allows: children (a share is turned into children); minutes of the mean "
            "journey or of its fair equivalent | children or minutes",
            value="what the plan comes to, counted as the limit is (in minutes, a child who waits counts with the "
            "longest journey there might be) | children or minutes",
            pounds="saved if the limit were looser by one of its unit in that year: a child more (fewer, for a least "
            "share), a minute more; one percentage point is worth a hundredth of the children the rule speaks of times "
            "as much. Discounted, with policy weights; the dual, so for a small change | £",
        ),
        _out(
            "programme",
            "Options that open",
            option="option",
            setting="setting it is at",
            opens="year in which it opens | September",
            places="places when full (of an option that opens in part, that part) | places",
            capital="capital with contingency | £",
            flags="statutory thresholds that it trips; blank: none",
        ),
        _out(
            "options_appraisal",
            "What each option is worth: against the best programme without it",
            option="option",
            name="name in words",
            setting="setting it is at",
            type="type of its line",
            opens="year in which it opens; blank: it does not | year",
            part="part of it that opens; 0: it does not | share",
            places="places when full | places",
            capital="capital with contingency | £",
            capital_by="ours, or central",
            capital_a_place="capital ÷ places when full | £",
            order="in which order to commission those that open | rank",
            saves_in_order="saved by it when it comes in that order, base-year present value | £",
            capital_so_far="our own capital up to it in that order | £",
            saving="cost of the best programme without it less that of the plan, base-year present value | £",
            saving_least="the least it can be: equal to saving where that is exact | £",
            saving_most="the most it can be | £",
            full_year="first year with all its places | year",
            full_year_saving="saved in that year, all funds, cash of the year | £",
            full_year_dsg="of it, in the DSG | £",
            payback_years="capital ÷ saving of the full year; blank: it saves nothing that year | years",
            flags="statutory thresholds that it trips; blank: none",
        ),
        _out(
            "alternatives",
            "The programmes that come next: each differs by an option or more from all before it",
            programme="rank, 1 the cheapest after the plan | rank",
            option="option that opens in it; blank: none does",
            opens="year in which it opens | year",
            places="places when full | places",
            capital="capital with contingency | £",
            costs_more="more than the plan, base-year present value | £",
            costs_more_least="the least it can be | £",
            costs_more_most="the most it can be | £",
        ),
        _out(
            "capital",
            "Capital of the options that open, in the year they open",
            **_YEAR_OUT,
            option="option",
            capital_by="ours, or central",
            pounds="capital with contingency | £",
        ),
        _out(
            "bases_first",
            "Children whom no base could take, and why (with the rule bases_first)",
            **_YEAR_OUT,
            **_CELL,
            children="children who start or change phase | children",
            why="why no base, open or an option, could take them",
        ),
    )
}

COMPARISONS: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        _out(
            "comparison",
            "Scenarios side by side, a row a figure and scenario; comparison_wide has a column a scenario",
            scenario="name of the scenario; base: the model itself",
            period="academic (year), financial (year), or whole (the whole plan; its year is the first)",
            year="year in which the period starts",
            measure="what is counted",
            item="which type of setting, fund or budget line; blank: all",
            unit="children, minutes, km, places, share or £",
            value="under the plan of the scenario | number",
            base="under the base plan | number",
            difference="value less base | number",
            unmitigated="in the scenario, if every place goes on being given as today | number",
        ),
        _out(
            "comparison_moves",
            "Children whose place is another than in the base plan",
            scenario="name of the scenario",
            **_YEAR_OUT,
            need="primary need",
            locality="planning area of the children",
            children="children who need a specialist place in the scenario | children",
            more="whom only the scenario has; below nil: whom only the base plan has | children",
            other_place="in both, and in another line of places or awaiting one | children",
            other_type="of them, in another type of setting | children",
        ),
    )
}
"""What `compare` writes beside the results of the scenarios."""
