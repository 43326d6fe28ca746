"""What the field calls things: words that planners write where the tables take a code.

Sources: Get Information About Schools (types of establishment, names of needs), the SEN2 code list, and the
terms of the 2026 consultation (specialist base, inclusion base). A word that means one code is read as it; one that
may mean several is explained and never turned into any of them.
"""

from __future__ import annotations

import re

from sufficiency.codes import NEEDS, SETTING_TYPES, normal_code

_TYPE_WORDS = {
    "resource_base": (
        "resourced provision",
        "resource provision",
        "resourced base",
        "specialist resource base",
        "specialist resource provision",
        "additionally resourced provision",
        "srb",
        "srp",
        "rp",
        "arp",
        "sen unit",
        "send unit",
        "specialist base",
        "inclusion base",
        "specially resourced provision",
        "enhanced resource provision",
        "enhanced resourced provision",
        "erp",
    ),
    "special_school": (
        "maintained special",
        "maintained special school",
        "community special school",
        "foundation special school",
        "special academy",
        "academy special",
        "academy special school",
        "special school academy",
        "academy special converter",
        "academy special sponsor led",
        "state special",
    ),
    "special_free_school": ("free schools special", "special free schools"),
    "alternative_provision": (
        "pru",
        "pupil referral unit",
        "pru/ap",
        "ap/pru",
        "short stay school",
        "ap",
        "ap academy",
        "academy alternative provision converter",
        "academy alternative provision sponsor led",
        "free schools alternative provision",
    ),
    "independent": ("independent special", "other independent special school"),
    "non_maintained": ("nmss", "non maintained special", "non maintained special school"),
    "eotas": ("education otherwise", "eotis", "bespoke package", "section 61"),
    "home_education": ("ehe", "home educated"),
    "college": ("fe college", "further education", "general further education"),
    "specialist_post_16": ("special post 16 institution", "special institution", "specialist college"),
    "hospital": ("hospital education",),
    "early_years": ("pvi", "nursery school", "local authority nursery school"),
    "mainstream": ("mainstream class",),
}
"""Words that mean one type and no other: they are read."""

_TYPE_HINTS = {
    (
        "special",
        "ss",
        "sen school",
        "send school",
        "residential special",
        "residential special school",
        *(
            f"{need} school"
            for need in ("asd", "asc", "autism", "mld", "sld", "pmld", "semh", "slcn", "spld", "hi", "pd")
        ),
    ): "special_school, or special_free_school, independent or non_maintained where it is one",
    ("unit", "base", "support base", "arc", "hub", "dsp", "asc base", "satellite"): (
        "resource_base, or the type of its school where it is a part of one; alternative_provision where it takes "
        "excluded pupils"
    ),
    ("free school", "free schools", "fs", "free"): "special_free_school if it is a special school, else mainstream",
    ("tuition", "tutoring", "home tuition"): "eotas if the plan says so, home_education if the parents chose it",
    ("independent/nmss", "nmss/independent", "independent/non maintained", "inm"): (
        "independent or non_maintained: which of the two it is decides rates and rights"
    ),
    ("alternative",): "alternative_provision",
    ("independent school", "other independent school", "ins", "inmss", "iss", "inmsss"): (
        "independent or non_maintained: which of the two it is decides rates and rights"
    ),
    ("bespoke",): "eotas if no school is named in the plan",
    ("home",): "home_education if the parents chose it, eotas if the plan says so",
    ("fe", "sixth form college", "sixth form"): "college, or mainstream where it is a school's own sixth form",
    ("spi",): "specialist_post_16",
    ("nursery",): "early_years, or resource_base where it is a specialist nursery base",
    (
        "mainstream school",
        "academy converter",
        "academy sponsor led",
        "community school",
        "foundation school",
        "voluntary aided school",
        "voluntary controlled school",
        "academies",
        "local authority maintained schools",
        "maintained",
        "academy",
    ): "resource_base if its places are a base or unit, mainstream if they are in ordinary classes",
}
"""Words that may mean several types: what each would be, and no choice made."""

_NEED_WORDS = {
    "ASD": (
        "autism",
        "autistic",
        "asc",
        "autism spectrum disorder",
        "autistic spectrum condition",
        "autism spectrum condition",
        "asperger's",
        "aspergers",
        "asperger's syndrome",
    ),
    "SEMH": ("social emotional and mental health", "social, emotional and mental health needs"),
    "SLCN": ("speech language and communication needs", "speech language and communication"),
    "SPLD": ("specific learning difficulties", "dyslexia", "dyscalculia"),
    "MLD": ("moderate learning difficulties",),
    "SLD": ("severe learning difficulties",),
    "PMLD": ("profound and multiple learning difficulties", "profound & multiple learning difficulty"),
    "DS": ("downs syndrome", "down's syndrome", "down’s syndrome"),
    "HI": ("deaf", "hearing"),
    "VI": ("blind", "visual impairment", "visual"),
    "MSI": ("multi sensory impairment",),
    "PD": ("physical disabilities",),
    "OTH": ("other", "other difficulty/disability", "other difficulty/disorder"),
    "UNK": ("not recorded", "not known", "nsa", "sen support but no specialist assessment of type of need"),
}
"""Words that mean one need and no other: they are read."""

_NEED_HINTS = {
    ("ci", "c&i", "communication and interaction"): "SLCN or ASD: communication and interaction holds both",
    ("cl", "c&l", "cognition and learning"): "SPLD, MLD, SLD or PMLD: cognition and learning holds all four",
    ("sp", "s&p", "sensory and physical", "sensory and/or physical", "sensory", "sensory and or physical needs"): (
        "HI, VI, MSI or PD: sensory and physical holds all four; SPLD is specific learning difficulty"
    ),
    ("adhd", "add"): "the child's primary need; ADHD is often recorded as SEMH, and may be another",
    ("besd", "ebd", "bsed", "mental health"): "SEMH, which replaced BESD in 2014, if that is what is recorded now",
    ("speech", "language", "speech and language", "dld"): "SLCN if that is the primary need recorded",
    ("unknown", "none"): "UNK where a plan records no need; leave out children without a plan",
    ("physical", "pni"): "PD, or MSI where sight and hearing are impaired",
    ("complex", "complex needs", "various", "mixed", "generic", "general", "multiple"): (
        "codes of needs, several apart by spaces where the column takes them"
    ),
    ("vision",): "VI",
    ("down", "downs"): "DS",
    ("ld", "learning difficulties", "learning difficulty"): "SPLD, MLD, SLD or PMLD: which of them is recorded",
}

_PHASE_WORDS = {
    "early_years": ("preschool", "pre_school"),
    "primary": ("prim", "pri", "primary_school", "primary_phase"),
    "secondary": ("sec", "secondary_school", "secondary_phase"),
    "post_16": ("post16", "p16", "sixth_form", "6th_form", "16_19", "16_18", "ks5", "key_stage_5"),
    "post_19": ("post19", "19_25", "20_25", "19+"),
}
"""Words that mean one phase and no other. Key stages and year groups are read by their year groups."""

_PHASE_HINTS = {
    ("all through", "all through school"): "the phases by name: primary and secondary, and others if it takes them",
    (
        *("infant", "infants", "infant school", "junior", "juniors", "junior school"),
        *("first school", "middle", "middle school", "lower school", "upper school"),
    ): "its year groups, such as YR-Y2; they must be whole phases of the model",
    ("nursery",): "early_years, if the model has that phase",
    ("fe", "college", "further education", "16+"): "the phases after Y11 by name, such as post_16",
}
"""Words whose year groups differ from place to place, or that phases of most models cut."""


def _by_word(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {normal_code(word): code for code, listed in words.items() for word in listed}


def _hints(words: dict[tuple[str, ...], str]) -> dict[str, str]:
    return {normal_code(word): hint for listed, hint in words.items() for word in listed}


TYPE_WORDS: dict[str, str] = _by_word(_TYPE_WORDS) | {normal_code(label): code for code, label in SETTING_TYPES.items()}
TYPE_HINTS: dict[str, str] = _hints(_TYPE_HINTS)
NEED_WORDS: dict[str, str] = _by_word(_NEED_WORDS) | {normal_code(label): code for code, label in NEEDS.items()}
NEED_HINTS: dict[str, str] = _hints(_NEED_HINTS)
PHASE_WORDS: dict[str, str] = _by_word(_PHASE_WORDS)
PHASE_HINTS: dict[str, str] = _hints(_PHASE_HINTS)


def means_any(text: str, kind: str) -> bool:
    """Whether a cell of a `kind` of column leaves nothing out: `any`, `All needs` of needs, `any phase` of phases."""
    words = text.casefold().split()
    return words[:1] in (["any"], ["all"]) and " ".join(words[1:]).removesuffix("s") in {"", kind.removesuffix("s")}


_TOTAL = re.compile(
    r"(?:(?:grand|sub|overall|la|council) )?totals?(?: (?:of|for|all|places|children|pupils|plans|number|demand|spend|"
    r"in|across)\b.*)?|\S+(?: \S+)? total|subtotals?|sum|overall"
)


def is_total(text: str) -> bool:
    """Whether a cell says that its row adds others up: `Total`, `Grand total:`, `Total (all areas)`, `North total`."""
    plain = " ".join(text.casefold().replace("-", " ").replace(":", " ").split("(")[0].split())
    return _TOTAL.fullmatch(plain) is not None


COLUMN_WORDS: dict[str, str] = {
    "urn": "setting",
    "school": "setting",
    "school_urn": "setting",
    "establishment": "setting",
    "provider": "setting",
    "typeofestablishment_(name)": "type",
    "typeofestablishment": "type",
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
    "time_period": "year",
    "primary_sen_type": "need",
    "sen_type": "need",
    "designation": "needs",
    "key_stage": "phase",
    "nc_year": "ncy",
    "year_group": "ncy",
    "ehcps": "plans",
    "ehc_plans": "plans",
    "number_of_plans": "plans",
    "planned_places": "places",
    "number_of_places": "places",
    "capacity": "places",
    "commissioned_places": "places",
    "lsoa": "area",
    "lsoa21cd": "area",
    "lsoa11cd": "area",
    "ward": "area",
    "ward_name": "area",
    "ward_code": "area",
    "wd24cd": "area",
    "lsoa_code": "area",
    "area_code": "area",
    "planning_area": "locality",
    "top_up": "per_child",
    "fee": "per_child",
    "place_funding": "per_place",
    "distance": "km",
    "time": "minutes",
}
"""Other names that council extracts give to the columns of the tables."""
