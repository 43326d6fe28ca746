"""DfE's types of placement as the types of setting of a model: which plans count as demand for a specialist place.

Plans in ordinary mainstream classes (`mainstream_independent` too), other arrangements by parents, those not in
education and those not recorded are no demand.
"""

from __future__ import annotations

import re

_MAINSTREAM = ("mainstream_la_maintained", "mainstream_academy", "mainstream_free_school")

COLUMNS: dict[str, tuple[str, ...]] = {
    "base": tuple(f"{kind}_{part}" for kind in _MAINSTREAM for part in ("resourced_provision", "senunit")),
    "special": ("special_la_maintained", "special_academy_free", "special_academy", "special_free_school"),
    "independent": ("special_independent",),
    "non_maintained": ("special_non_maintained",),
    "ap": ("ap_pru_total", "ap_pru_academy", "ap_pru_free_school", "ap_pru_la_maintained"),
    "college": ("general_fe_tertiary_colleges", "ukrlp_provider"),
    "specialist_post_16": ("specialist_post_16_institutions",),
    "early_years": ("nm_early_years",),
    "eotas": ("other_arrangements_la",),
    "home_education": ("elective_home_education",),
}
"""Groups of placements that are demand, with the columns of caseload.csv that they add up."""

SUMS: dict[str, tuple[str, ...]] = {
    "ap_pru_total": ("ap_pru_academy", "ap_pru_free_school", "ap_pru_la_maintained"),
    "special_academy_free": ("special_academy", "special_free_school"),
}
"""Columns that are the sum of others, which releases give beside them or instead of them."""

OPTIONAL = frozenset({"nm_early_years", "elective_home_education", "ukrlp_provider"})
"""Columns that older or newer releases may lack: then nobody is counted there."""

TYPE_OF: dict[str, str] = {
    "base": "resource_base",
    "special": "special_school",
    "independent": "independent",
    "non_maintained": "non_maintained",
    "ap": "alternative_provision",
    "college": "college",
    "specialist_post_16": "specialist_post_16",
    "early_years": "early_years",
    "eotas": "eotas",
    "home_education": "home_education",
}
"""The type of setting of each group; of `special` also `special_free_school`."""

_LABELS: tuple[tuple[str, str], ...] = (
    (r"mainstream\b.*(resourced provision|sen ?unit)", "base"),
    (r"special\b.*la maintained", "special"),
    (r"special\b.*(academy|free school)", "special"),
    (r"special\b.*independent", "independent"),
    (r"special\b.*non.?maintained", "non_maintained"),
    (r"ap/?\W*pru\b.*total", "ap total"),
    (r"ap/?\W*pru\b", "ap"),
    (r"fe\b.*(general fe|tertiary|ukrlp)", "college"),
    (r"fe\b.*specialist post", "specialist_post_16"),
    (r"non.?maintained early years", "early_years"),
    (r"educated elsewhere\b.*other arrangements by la", "eotas"),
    (r"educated elsewhere\b.*elective home", "home_education"),
)


WHOLE: dict[str | None, str] = {"ap total": "ap"}
"""Labels that are a sum over a group, with the group."""


def group_of(label: str) -> str | None:
    """The group of a label of DfE's "Type of placement"; `ap total` for the sum over AP; None where it is no demand."""
    text = label.strip().casefold()
    return next((group for pattern, group in _LABELS if re.match(pattern, text)), None)
