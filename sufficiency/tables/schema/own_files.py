"""Files that other teams of a council keep, and that are set against a model: what every column means, and by which
other headings it is known.
"""

from __future__ import annotations

from sufficiency.tables.schema.columns import Column, TableSpec, amount, optional

_SETTING = optional("setting", "id", "URN, or the setting's code in the model", default="")
_NAME = optional("name", "text", "name of the setting, where it has no URN in the file", default="")
_LINE = optional("line", "id", "line of places in the model, where the setting has several", default="")
_PUPILS = amount("pupils", "pupils, or full-time equivalents", "children")
_FINANCIAL_YEAR = optional("financial_year", "year", "April in which the financial year starts: one year in a file")
_PLACE_WORDS = {
    **dict.fromkeys(("urn", "school_urn", "setting_urn", "provider_urn", "urn_number", "setting_code"), "setting"),
    **dict.fromkeys(
        (
            "setting_name",
            "school",
            "school_name",
            "provider",
            "provider_name",
            "establishment",
            "establishment_name",
            "institution",
            "destination",
            "supplier",
            "supplier_name",
            "provision",
        ),
        "name",
    ),
}
_PUPIL_WORDS = dict.fromkeys(
    (
        "fte",
        "pupil_fte",
        "pupils_fte",
        "children",
        "number_of_pupils",
        "number_of_children",
        "no_of_pupils",
        "pupil_numbers",
        "pupil_count",
        "headcount",
        "passengers",
        "number_of_passengers",
        "placements",
        "number_of_placements",
        "learners",
    ),
    "pupils",
)
_POUND_WORDS = dict.fromkeys(
    (
        "£",
        "a_year",
        "per_year",
        "£_a_year",
        "£_per_year",
        "pounds_a_year",
        "annual_cost",
        "cost",
        "cost_a_year",
        "cost_per_year",
        "total_cost",
        "amount",
        "commitment",
        "annual_commitment",
        "annual_value",
        "full_year_cost",
        "spend",
    ),
    "pounds",
)
_YEAR_WORDS = {"fy": "financial_year", "financial_yr": "financial_year"}

FINANCE, TRANSPORT, AGREEMENTS = "finance", "transport", "agreements"
OWN_FILES: dict[str, TableSpec] = {
    spec.name: spec
    for spec in (
        TableSpec(
            FINANCE,
            "Placements by provider, as finance keeps them: a row for each provider and budget line",
            (
                _SETTING,
                _NAME,
                _LINE,
                _PUPILS,
                Column("pounds", "number", "commitment of a whole year, in pounds of the base year", "£"),
                optional("budget_line", "text", "section 251 line it is paid from", default=""),
                _FINANCIAL_YEAR,
            ),
            words={
                **_PLACE_WORDS,
                **_PUPIL_WORDS,
                **_POUND_WORDS,
                **_YEAR_WORDS,
                **dict.fromkeys(("s251_line", "section_251_line", "s251", "section_251", "dsg_line"), "budget_line"),
            },
        ),
        TableSpec(
            TRANSPORT,
            "Home-to-school transport by route: a row for each route and setting that it serves",
            (
                Column("route", "id", "number or name of the route"),
                _SETTING,
                _NAME,
                _PUPILS,
                optional("pounds", "number", "cost of the route to this setting in a whole year", "£", minimum=0),
                optional("pounds_per_day", "number", "or its cost a day", "£/day", minimum=0),
                optional("days", "number", "days a year it runs; blank: `travel.days`", "days", minimum=1, maximum=366),
                _FINANCIAL_YEAR,
            ),
            words={
                **_PLACE_WORDS,
                **_PUPIL_WORDS,
                **_POUND_WORDS,
                **_YEAR_WORDS,
                **dict.fromkeys(
                    ("route_number", "route_no", "route_id", "route_code", "route_ref", "route_name", "contract_ref"),
                    "route",
                ),
                **dict.fromkeys(
                    (
                        "daily_cost",
                        "cost_per_day",
                        "cost_a_day",
                        "pounds_a_day",
                        "£_a_day",
                        "£_per_day",
                        "per_day",
                        "a_day",
                        "daily_rate",
                        "day_rate",
                    ),
                    "pounds_per_day",
                ),
                **dict.fromkeys(("days_a_year", "days_per_year", "operating_days", "school_days"), "days"),
            },
        ),
        TableSpec(
            AGREEMENTS,
            "Place numbers from agreements with settings: a row for each line of places and September",
            (
                _SETTING,
                _NAME,
                _LINE,
                amount("places", "places agreed", "places"),
                Column("from_year", "year", "September from which they are agreed"),
            ),
            words={
                **_PLACE_WORDS,
                **dict.fromkeys(
                    (
                        "agreed_places",
                        "places_agreed",
                        "commissioned_places",
                        "places_commissioned",
                        "number_of_places",
                        "place_number",
                        "place_numbers",
                        "planned_places",
                    ),
                    "places",
                ),
                **dict.fromkeys(
                    (
                        "from",
                        "from_september",
                        "september",
                        "places_from",
                        "from_date",
                        "start_date",
                        "start_year",
                        "effective_from",
                        "academic_year",
                    ),
                    "from_year",
                ),
            },
        ),
    )
}
"""By the kind of file."""
