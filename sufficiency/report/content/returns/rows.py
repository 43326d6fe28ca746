"""The rows of DfE's forms, and which of them a child is in.

Sources: DfE's Local SEND Reform Plan (LSRP) data template of 2026, by way of a supplier's open code that fills it
(MastodonC/witan.send.lsrp); the DSG management plan (MastodonC/witan.send.adroddiad, dsg_plan.clj); the School
Capacity survey (scap.clj beside it). The templates themselves were not seen.
"""

from __future__ import annotations

from sufficiency.codes import AWAITING
from sufficiency.report.content.returns.children import NEET, NOT_KNOWN

TURNED, START = "turned", "start"
AGES = (TURNED, START)
"""The age a child turns in the academic year, or the age at its start (31 August before it)."""
BANDS = {
    "Under 5": (0, 4),
    "Age 5 to 10": (5, 10),
    "Age 11 to 15": (11, 15),
    "Age 16 to 19": (16, 19),
    "Age 20 to 25": (20, 25),
}
POST_16_BANDS = tuple(BANDS)[3:]
LSRP_YEARS = range(2025, 2030)
"""A calendar year of the form is the count of the January after it: of the academic year that starts in it."""

FORM_NEEDS = {
    "ASD": "Autistic Spectrum Disorder",
    "HI": "Hearing Impairment",
    "MLD": "Moderate Learning Difficulty",
    "MSI": "Multi-Sensory Impairment",
    "PD": "Physical Disability",
    "PMLD": "Profound & Multiple Learning Difficulty",
    "SEMH": "Social, Emotional and Mental Health",
    "SLCN": "Speech, Language and Communications needs",
    "SLD": "Severe Learning Difficulty",
    "SPLD": "Specific Learning Difficulty",
    "VI": "Visual Impairment",
    "OTH": "Other Difficulty/Disability",
    "NSA": "SEN support but no specialist assessment of type of need",
}
NOT_RECORDED = "Need not recorded (no row in the form)"
DOWN = "DS"

EARLY = "Early Years settings including PVIs"
MAINSTREAM = "Mainstream schools or academies"
SUPPORT = "Support bases in mainstream settings"
BASES = "Specialist bases in mainstream settings"
SPECIAL = "Maintained special schools or special academies"
BOUGHT_LA = "NMSS or independent schools - LA funded placements"
BOUGHT_OTHER = "NMSS or independent schools - other suitable arrangements"
AP = "Alternative Provision"
POST_16 = "Mainstream Post 16 provision"
POST_16_BASE = "Mainstream Post 16 specialist provision"
POST_16_SPECIALIST = "Specialist Post-16 institutions"
HOME = "Elective Home Education (EHE)"
EOTAS = "Other arrangements by LA (EOTAS)"
OTHER = "Other (including hospital schools where applicable)"
PROVISIONS = (
    *(EARLY, MAINSTREAM, SUPPORT, BASES, SPECIAL, BOUGHT_LA, BOUGHT_OTHER, AP),
    *(POST_16, POST_16_BASE, POST_16_SPECIALIST, HOME, EOTAS, OTHER),
)
UNPLACED = "Not known: the model has no placements of today (no row in the form)"

_PROVISION = {
    "early_years": EARLY,
    "special_school": SPECIAL,
    "special_free_school": SPECIAL,
    "independent": BOUGHT_LA,
    "non_maintained": BOUGHT_LA,
    "alternative_provision": AP,
    "college": POST_16,
    "specialist_post_16": POST_16_SPECIALIST,
    "home_education": HOME,
    "eotas": EOTAS,
    NOT_KNOWN: UNPLACED,
}

TABLES_7 = {
    "7.1": ("Early years", "Early Years settings including PVIs", (EARLY,)),
    "7.2": ("Mainstream", "mainstream schools or academies including support bases", (MAINSTREAM, SUPPORT)),
    "7.3": ("Specialist bases", "specialist bases", (BASES,)),
    "7.4": ("Special schools", "maintained special schools or special academies", (SPECIAL,)),
    "7.5": ("NMSS and independent", "non-maintained special schools or independent schools", (BOUGHT_LA, BOUGHT_OTHER)),
    "7.6": ("AP or hospital", "alternative provision or hospital schools", (AP,)),
    "7.7": (
        "Post-16",
        "post-16 settings, further education or specialist",
        (POST_16, POST_16_BASE, POST_16_SPECIALIST),
    ),
}
"""Table → its name, of what it is, and the rows of table 6 that it is split from."""
REMAINDERS = {
    "home_education": HOME,
    "eotas": EOTAS,
    AWAITING: "Other: awaiting a place",
    NEET: "Other: not in education, employment or training",
    "other": "Other: other settings",
    NOT_KNOWN: UNPLACED,
}
"""Of table 7 what none of 7.1 to 7.7 holds."""

SCAP_TYPES = {
    "UR": "SEN units and resourced provision in mainstream schools",
    "IN": "Independent schools",
    "SS": "State-funded special schools, non-maintained special schools included",
    "AP": "Alternative provision",
}
_SCAP = {
    "resource_base": "UR",
    "independent": "IN",
    "special_school": "SS",
    "special_free_school": "SS",
    "non_maintained": "SS",
    "alternative_provision": "AP",
}
SCAP_AREAS = {
    **{("primary", code): f"180300{at}" for at, code in enumerate(SCAP_TYPES, 1)},
    **{("secondary", code): f"180301{at}" for at, code in enumerate(SCAP_TYPES, 1)},
}
SCAP_YEARS = {"primary": (range(7), 5), "secondary": (range(7, 12), 7)}
"""Year groups, and how many years are forecast."""

DSG_SHEETS = {
    "mainstream": "Mainstream schools or academies placements",
    "bases": "Resourced provision or SEN Units placements",
    "special": "Maintained special schools or special academies placements",
    "nmss_independent": "Non-maintained special schools or independent (NMSS or independent) placements",
    "hospital_ap": "Hospital schools or alternative provision (AP) placements",
    "post_16": "Post 16 and further education (FE) placements",
    "other": "Other placements or direct payments",
}
_DSG = {
    "mainstream": "mainstream",
    "resource_base": "bases",
    "special_school": "special",
    "special_free_school": "special",
    "independent": "nmss_independent",
    "non_maintained": "nmss_independent",
    "hospital": "hospital_ap",
    "alternative_provision": "hospital_ap",
    "college": "post_16",
    "specialist_post_16": "post_16",
}


def band_of(ncy: int, age: str) -> str:
    """The age band of a year group: a child of Reception (0) is 4 at the start of the year and turns 5 in it."""
    years = ncy + (5 if age == TURNED else 4)
    return next((name for name, (first, last) in BANDS.items() if first <= years <= last), "Under 5")


def need_row(need: str) -> str:
    """The row of a need. The forms have none for Down syndrome, which counts with other difficulties."""
    return FORM_NEEDS.get("OTH" if need == DOWN else need, NOT_RECORDED)


def provision_of(kind: str, ncy: int) -> str:
    """The row of table 6; a base and an ordinary class have another from year 12 on. Who awaits a place, and who is not
    in education, is in "Other".
    """
    if kind == "resource_base":
        return POST_16_BASE if ncy >= 12 else BASES
    if kind == "mainstream":
        return POST_16 if ncy >= 12 else MAINSTREAM
    return _PROVISION.get(kind, OTHER)


def table_7_of(kind: str, ncy: int) -> str:
    """Which of 7.1 to 7.7; blank for what is in none. Hospital schools are with alternative provision here."""
    row = AP if kind == "hospital" else provision_of(kind, ncy)
    return next((code for code, (_, _, rows) in TABLES_7.items() if row in rows), "")


def scap_of(kind: str) -> str:
    """The provision type of the School Capacity survey; blank for what its forecast leaves out."""
    return _SCAP.get(kind, "")


def dsg_of(kind: str) -> str:
    """The placement sheet of the DSG management plan."""
    return _DSG.get(kind, "other")
