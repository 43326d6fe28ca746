"""What the field calls things: words that planners write where the tables take a code, for the mend of a
problem.

Sources: Get Information About Schools (types of establishment, names of needs), the SEN2 code list, and the
terms of the 2026 consultation (specialist base, inclusion base). A word is never turned into a code silently.
"""

from __future__ import annotations

from sufficiency.codes import NEEDS, normal_code

_TYPE_WORDS = {
    "resource_base": (
        "resourced provision",
        "resource provision",
        "resourced base",
        "rp",
        "arp",
        "sen unit",
        "unit",
        "specialist base",
        "inclusion base",
        "support base",
        "base",
        "specially resourced provision",
        "enhanced resource provision",
    ),
    "special_school": (
        "special",
        "ss",
        "maintained special",
        "community special school",
        "foundation special school",
        "special academy",
        "academy special",
        "academy special converter",
        "academy special sponsor led",
        "state special",
    ),
    "special_free_school": ("free school", "free schools special", "fs"),
    "alternative_provision": (
        "pru",
        "pupil referral unit",
        "ap",
        "ap academy",
        "academy alternative provision converter",
        "free schools alternative provision",
        "alternative",
    ),
    "independent": (
        "independent special",
        "independent school",
        "other independent special school",
        "ins",
        "inmss",
        "iss",
    ),
    "non_maintained": ("nmss", "non maintained special", "non maintained special school"),
    "eotas": (
        "education otherwise",
        "education otherwise than at school",
        "eotis",
        "bespoke",
        "bespoke package",
        "section 61",
    ),
    "home_education": ("ehe", "elective home education", "home educated", "home"),
    "college": ("fe", "fe college", "further education", "general further education", "sixth form college"),
    "specialist_post_16": (
        "spi",
        "special post 16 institution",
        "specialist post 16 institution",
        "specialist college",
    ),
    "hospital": ("hospital school", "hospital education"),
    "early_years": ("nursery", "pvi", "nursery school", "early years setting"),
    "mainstream": (
        "mainstream school",
        "academy converter",
        "academy sponsor led",
        "community school",
        "voluntary aided school",
    ),
}

_NEED_WORDS = {
    "ASD": (
        "autism",
        "autistic",
        "asc",
        "autism spectrum disorder",
        "autistic spectrum condition",
        "autism spectrum condition",
    ),
    "SEMH": ("adhd", "besd", "ebd", "bsed", "mental health", "social emotional and mental health"),
    "SLCN": ("speech", "language", "speech and language", "speech language and communication", "dld"),
    "SPLD": ("dyslexia", "dyscalculia", "specific learning difficulties"),
    "MLD": ("moderate learning difficulties",),
    "SLD": ("severe learning difficulties",),
    "PMLD": ("profound and multiple learning difficulties",),
    "DS": ("downs", "down's syndrome", "down’s syndrome", "downs syndrome"),
    "HI": ("deaf", "hearing"),
    "VI": ("blind", "visual impairment", "vision", "visual"),
    "PD": ("physical", "physical disabilities"),
    "OTH": ("other", "other difficulty/disability"),
    "UNK": ("unknown", "not recorded", "not known", "none", "nsa"),
}

_PHASE_WORDS = {
    "early_years": ("nursery", "eyfs", "preschool", "pre_school", "early", "under_5"),
    "primary": ("ks1", "ks2", "infant", "junior", "prim", "pri", "first", "5_10"),
    "secondary": ("ks3", "ks4", "sec", "middle", "upper", "11_15"),
    "post_16": ("post16", "ks5", "sixth_form", "16_19", "fe", "16_18", "sixth"),
    "post_19": ("post19", "19_25", "20_25", "adult"),
}


def _by_word(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {normal_code(word): code for code, listed in words.items() for word in listed}


TYPE_WORDS: dict[str, str] = _by_word(_TYPE_WORDS)
NEED_WORDS: dict[str, str] = _by_word(_NEED_WORDS) | {normal_code(label): code for code, label in NEEDS.items()}
PHASE_WORDS: dict[str, str] = _by_word(_PHASE_WORDS)

COLUMN_WORDS: dict[str, str] = {
    "urn": "setting",
    "school_name": "name",
    "establishmentname": "name",
    "provision": "type",
    "provision_type": "type",
    "setting_type": "type",
    "easting": "x",
    "northing": "y",
    "lat": "latitude",
    "lon": "longitude",
    "long": "longitude",
    "lng": "longitude",
    "pupils": "children",
    "count": "children",
    "number": "children",
    "headcount": "children",
    "primary_need": "need",
    "sen_need": "need",
    "academic_year": "year",
    "capacity": "places",
    "commissioned_places": "places",
    "lsoa": "area",
    "lsoa21cd": "area",
    "lsoa11cd": "area",
    "ward": "area",
    "area_code": "area",
    "planning_area": "locality",
    "top_up": "per_child",
    "fee": "per_child",
    "place_funding": "per_place",
    "distance": "km",
    "time": "minutes",
}
"""Other names that council extracts give to the columns of the tables."""
