"""The codes of the field: needs, school phases, setting types, section 251 lines and funds.

Sources: primary needs are the SEN2 2025 code list (item 5.8a), `UNK` is DfE's "primary need not recorded"; school
phases in National Curriculum Year (NCY = age at 31 August before the academic year, less 4) follow DfE's age
tables.
"""

from __future__ import annotations

NEEDS: dict[str, str] = {
    "SPLD": "Specific learning difficulty",
    "MLD": "Moderate learning difficulty",
    "SLD": "Severe learning difficulty",
    "PMLD": "Profound and multiple learning difficulty",
    "DS": "Down syndrome",
    "SEMH": "Social, emotional and mental health",
    "SLCN": "Speech, language and communication needs",
    "ASD": "Autistic spectrum disorder",
    "HI": "Hearing impairment",
    "VI": "Vision impairment",
    "MSI": "Multi-sensory impairment",
    "PD": "Physical disability",
    "OTH": "Other difficulty",
    "UNK": "Need not recorded",
}

LEVELS: dict[str, str] = {
    "base": "Base level",
    "special": "Special school level",
    "complex": "Complex",
}

SCHOOL_PHASES: dict[str, tuple[int, int]] = {
    "early_years": (-4, -1),
    "primary": (0, 6),
    "secondary": (7, 11),
    "post_16": (12, 14),
    "post_19": (15, 20),
}

PHASE_LABELS: dict[str, str] = {
    "early_years": "Early years",
    "primary": "Primary",
    "secondary": "Secondary",
    "post_16": "Post-16",
    "post_19": "Post-19",
}

FIRST_NCY, LAST_NCY = -4, 20

SETTING_TYPES: dict[str, str] = {
    "resource_base": "Resource base",
    "special_school": "Special school",
    "special_free_school": "Special free school",
    "alternative_provision": "Alternative provision",
    "independent": "Independent special school",
    "non_maintained": "Non-maintained special school",
    "eotas": "EOTAS (otherwise than at school)",
    "home_education": "Elective home education",
    "college": "Further education college",
    "specialist_post_16": "Specialist post-16 institution",
    "hospital": "Hospital school",
    "early_years": "Early years setting",
    "mainstream": "Mainstream school",
    "other": "Other",
}

STATE_FUNDED: frozenset[str] = frozenset(
    {
        "resource_base",
        "special_school",
        "special_free_school",
        "alternative_provision",
        "hospital",
        "early_years",
        "mainstream",
    }
)
"""Types that the state funds."""

ORDINARY_CLASS = "mainstream"
"""The type of lines of ordinary classes with a package of support: only `continuity.mainstream_eligible` may enter."""
GIVES_PLACES: frozenset[str] = STATE_FUNDED - {ORDINARY_CLASS}
"""Types on which a line must give its places: a blank there is missing data, not "no limit"."""

BOUGHT: tuple[str, ...] = ("independent", "non_maintained")
"""Types whose places are bought one at a time."""

UNKNOWN_AREA = "unknown"
UNKNOWN_NEED = "UNK"
AWAITING = "awaiting"
NOT_PLACED_BY_MAP: frozenset[str] = frozenset({"eotas", "home_education"})
"""Types that are no building to travel to, and are always lawful without a place on the map."""

FUNDS: dict[str, str] = {
    "dsg": "Dedicated Schools Grant, high needs block",
    "general_fund": "General Fund",
    "capital": "Capital",
}

BUDGET_LINES: dict[str, str] = {
    "1.0.2": "High needs place funding within the schools budget",
    "1.2.1": "Top-up funding, maintained schools",
    "1.2.2": "Top-up funding, academies, free schools and colleges",
    "1.2.3": "Top-up and other funding, non-maintained and independent",
    "1.2.4": "Additional high needs targeted funding, mainstream",
    "1.2.5": "SEN support services",
    "1.2.6": "Hospital education services",
    "1.2.7": "Other alternative provision services",
    "1.2.8": "Support for inclusion",
    "1.2.9": "Special schools and PRUs in financial difficulty",
    "1.2.10": "PFI and BSF costs at special schools and AP",
    "1.2.11": "Direct payments",
    "1.2.13": "Therapies and other health-related services",
}
"""Section 251 high-needs lines; a model may use others, they are carried through as text."""


EARLIER_SHARE = {False: 5 / 12, True: 4 / 12}
"""Share of the earlier academic year in a financial year, by whether the money is post-16 (DfE, high needs place
funding; checked against its 2023-24 allocations).
"""
RECOUPED = "recouped"
"""Budget line of places whose funding DfE takes from the grant before the council gets it (academies, colleges)."""
NOT_MODELLED = "not_modelled"
"""In place of a type of setting: spending given in `other_spend`, which the plan does not move."""
INTERIM = "interim provision"
"""Budget line of what is provided for children who await a place (Education Act 1996, s.19)."""
NOT_GIVEN = "not given"
"""Budget line of costs that name none."""


def normal_code(text: str) -> str:
    """`text` as codes are compared: trimmed, lower case, spaces and hyphens as underscores."""
    return text.strip().casefold().replace(" ", "_").replace("-", "_")


def academic_year(year: int | str) -> str:
    """2026 as `2026/27`; financial years are written the same way."""
    return f"{year}/{(int(year) + 1) % 100:02d}"
