"""The tables that a planner gives: what every column means."""

from __future__ import annotations

from sufficiency.tables.schema.columns import YEAR, Column, TableSpec, amount, optional

_AREA = Column("area", "id", "area code")
_NEED = Column("need", "need", "primary need code (SEN2)")
_PHASE = Column("phase", "phase", "phase of the model")
_LEVEL = optional("level", "level", "level of provision needed; blank: any", default="")
_CAN_MEET = optional("can_meet", "needs", "further needs it can meet though not designed for them", default="")
_MATCH = optional("match", "number", "how well it meets `can_meet` (`needs` have 1)", minimum=0, maximum=1, default=0.5)
_LEVELS = optional("levels", "levels", "levels of provision it takes; blank: all")
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
                optional("x", "number", "population-weighted centroid, British National Grid", "m"),
                optional("y", "number", "population-weighted centroid, British National Grid", "m"),
                optional("imd_decile", "number", "deprivation decile, 1 the most deprived", minimum=1, maximum=10),
                optional(
                    "rural", "text", "`yes` or `no`: rural by the ONS classification; blank: not known", default=""
                ),
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
                YEAR,
                amount("children", "children who need a specialist place (an expected value)", "children"),
                optional("low", "number", "5th percentile", "children", minimum=0),
                optional("high", "number", "95th percentile", "children", minimum=0),
                optional("simulation", "id", "one row per simulated path; the plan takes the mean"),
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
                optional("x", "number", "easting, British National Grid", "m"),
                optional("y", "number", "northing, British National Grid", "m"),
                optional("latitude", "number", "instead of x, y", "degrees", minimum=-90, maximum=90),
                optional("longitude", "number", "instead of x, y", "degrees", minimum=-180, maximum=180),
                optional("locality", "text", "planning area; blank: where it stands"),
                optional("opens", "year", "first year open", minimum=1000),
                optional("closes", "year", "first year not open", minimum=1000),
                optional(
                    "section_41",
                    "flag",
                    "true for an independent school approved under section 41 (Children and Families Act 2014): a "
                    "family may ask for it, and it must admit if it is named",
                    default=False,
                ),
                optional("physical_places", "number", "most children the building holds", "children", minimum=0),
                optional("school", "id", "URN of the parent of a satellite"),
                optional("in_area", "flag", "false for other authorities' settings", default=True),
                optional(
                    "recouped",
                    "flag",
                    "true where DfE funds the places and deducts it from the grant first (academies, colleges)",
                    default=False,
                ),
                optional(
                    "km",
                    "number",
                    "journey one way, for a pooled setting without a place on the map",
                    "km",
                    minimum=0,
                ),
                optional("minutes", "number", "journey one way, likewise", "minutes", minimum=0),
                optional(
                    "transport_per_child",
                    "number",
                    "actual transport cost, instead of the computed one; base-year pounds, inflated at `transport`",
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
                optional(
                    "status",
                    "text",
                    "`open`, `committed` (a funding agreement signed, a contract let or a notice approved) or "
                    "`proposed` (in the plan, not in doing nothing more); blank: open, or committed where `from_year` "
                    "is after the base year",
                    default="",
                ),
                optional("evidence", "text", "what makes the row open or committed, in words", default=""),
                optional("type", "type", "where it differs from the setting's"),
                _LEVELS,
                optional(
                    "imported",
                    "number",
                    "places taken by other authorities' children",
                    "places",
                    minimum=0,
                    default=0.0,
                ),
                optional(
                    "reserved",
                    "number",
                    "places of children outside the demand table",
                    "places",
                    minimum=0,
                    default=0.0,
                ),
                _CAN_MEET,
                _MATCH,
                optional(
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
                optional("line", "id", "line of places, or `awaiting`"),
                optional("setting", "id", "instead of the line, where only one line of it fits"),
                amount("children", "children placed", "children"),
            ),
            ("area", "need", "phase", "level", "line"),
        ),
        TableSpec(
            "costs",
            "Rates in base-year pounds, inflated year by year at their type; blanks match anything and the most "
            "specific row holds",
            (
                optional("type", "type", "type of setting"),
                optional("setting", "id", "setting"),
                optional("line", "id", "line of places"),
                optional("level", "level", "level of provision needed"),
                optional("need", "need", "primary need"),
                optional("phase", "phase", "phase"),
                Column("per_child", "number", "top-up or fee", "£/child/year", blank=True, minimum=0),
                optional("per_place", "number", "place funding", "£/place/year", minimum=0),
                optional(
                    "per_empty_place",
                    "number",
                    "place funding of a place not filled",
                    "£/place/year",
                    minimum=0,
                ),
                optional("budget_line", "text", "section 251 line of `per_child`"),
                optional("place_budget_line", "text", "section 251 line of `per_place`; blank: as `budget_line`"),
                optional("from_year", "year", "first year the row holds; blank: always", default=0),
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
                optional("earliest", "year", "first year it may open"),
                optional("latest", "year", "last year it may open"),
                optional(
                    "capital",
                    "number",
                    "capital in pounds of the year it opens, whichever that is: it is not inflated",
                    "£",
                    minimum=0,
                    default=0.0,
                ),
                optional("name", "text", "name in words"),
                optional("line", "id", "line it adds places to"),
                optional("ramp", "numbers", "share of its places by year from opening"),
                optional(
                    "per_year",
                    "number",
                    "fixed running cost in base-year pounds, inflated at its type, on the budget line of its places",
                    "£/year",
                    minimum=0,
                    default=0.0,
                ),
                optional("group", "id", "at most one option of a group opens"),
                optional("scalable", "flag", "may open in part", default=False),
                optional(
                    "smallest_fill",
                    "number",
                    "least share of its places filled",
                    minimum=0,
                    maximum=1,
                    default=0.0,
                ),
                optional("physical", "number", "rooms it builds; blank: its places", "children", minimum=0),
                _LEVELS,
                _CAN_MEET,
                _MATCH,
                optional(
                    "closes_line",
                    "id",
                    "line that the option is to close; with places of its own it takes that line's place, and a line "
                    "that has not opened by the base year is then never opened",
                ),
                optional(
                    "approved",
                    "text",
                    "`yes`: the statutory process is done, `earliest` needs no lead time; once any option says `yes` "
                    "or `no`, one that could open sooner than its process allows is an error",
                    default="",
                ),
                optional(
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
                amount("minutes", "journey one way", "minutes"),
                amount("km", "journey one way", "km"),
            ),
            ("area", "setting"),
        ),
        TableSpec(
            "budget",
            "What the council has budgeted",
            (*_RULED_MONEY, Column("pounds", "number", "budget, cash of the year: not inflated", "£")),
            ("financial_year", "budget_line"),
        ),
        TableSpec(
            "monitoring",
            "What the council's budget monitoring expects to be spent",
            (*_RULED_MONEY, Column("pounds", "number", "forecast of the whole year, cash of the year", "£")),
            ("financial_year", "budget_line"),
        ),
        TableSpec(
            "other_spend",
            "Spend that the model does not plan",
            (
                *_RULED_MONEY,
                Column("pounds", "number", "spend, cash of the year: not inflated", "£"),
                Column("fund", "text", "dsg, general_fund or capital"),
            ),
            ("financial_year", "budget_line", "fund"),
        ),
    )
}
