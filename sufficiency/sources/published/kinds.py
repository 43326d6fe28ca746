"""The published files that a model can be built from: what each is good for, what is lost without it, and where it is
published.
"""

from __future__ import annotations

from dataclasses import dataclass

_EES = "https://explore-education-statistics.service.gov.uk/find-statistics/"
_PLANS = f"{_EES}education-health-and-care-plans (Download all data, then unpack the zip)"
_SPENDING = f"{_EES}planned-la-and-school-expenditure"
_ONS = "https://geoportal.statistics.gov.uk"


@dataclass(frozen=True)
class Kind:
    """One published file. `code` is its `used_for` in sources.csv; `needed`: without it no model can be built;
    `without`: what is lost without it; `where` it is published.
    """

    code: str
    title: str
    without: str
    where: str
    needed: bool = False


_ALL = (
    Kind(
        "caseload",
        "EHC plans by type of placement and age",
        "children and placements cannot be counted",
        f"{_PLANS}: caseload.csv",
        needed=True,
    ),
    Kind(
        "needs",
        "EHC plans by primary need, age and type of placement",
        "needs cannot be counted",
        f"{_PLANS}: sen_needs_all_plans.csv",
        needed=True,
    ),
    Kind(
        "boundaries",
        "Boundaries of the small areas (LSOA 2021)",
        "there are no areas to plan for",
        f"{_ONS}: Lower layer Super Output Areas (December 2021) Boundaries EW BGC, as GeoPackage",
        needed=True,
    ),
    Kind(
        "counts",
        "Your own counts of children by need, year group, home and placement",
        "needs, homes and placements are estimated from published totals",
        "your SEN2 person-level return: `sufficiency deidentify` makes the counts from it",
    ),
    Kind(
        "schools",
        "Get Information about Schools, all establishment data",
        "no school is known by name, place, designation or size: every type of placement is one pool",
        "https://get-information-schools.service.gov.uk/Downloads: Establishment fields CSV",
    ),
    Kind(
        "lookup",
        "Which ward and district each small area lies in",
        "small areas are matched by the district in other files, and localities are districts or one for all",
        f"{_ONS}: LSOA (2021) to Electoral Ward (2024) to LAD (2024) Best Fit Lookup in EW, as CSV",
    ),
    Kind(
        "localities",
        "Your own localities (columns: the LSOA code, and locality)",
        "localities are wards, or in a county districts",
        "your own list: LSOA21CD, locality",
    ),
    Kind(
        "population",
        "Population of small areas by single year of age",
        "children are spread evenly over small areas, and the forecast keeps the number of children level",
        "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates/datasets/"
        "lowersuperoutputareamidyearpopulationestimates: sapelsoasyoa20222024.xlsx",
    ),
    Kind(
        "projection",
        "Population projections of districts by age",
        "the number of children of each age is carried on from those alive today",
        "https://www.ons.gov.uk: Subnational population projections for England, 2022-based, persons, as CSV",
    ),
    Kind(
        "deprivation",
        "Indices of Deprivation 2025, File 7",
        "deprivation plays no part in where children with plans live, and no output tells of it",
        "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025: File 7",
    ),
    Kind(
        "new_plans",
        "New EHC plans by age",
        "who joins is worked out from the change in plans alone",
        f"{_PLANS}: newplans.csv",
    ),
    Kind(
        "new_needs",
        "Primary need of new EHC plans by age",
        "the needs of children who join follow England",
        f"{_PLANS}: sen_need_newplans.csv",
    ),
    Kind(
        "requests",
        "Requests for assessment",
        "the forecast takes it that parents and schools ask as often as elsewhere",
        f"{_PLANS}: requests.csv",
    ),
    Kind(
        "place_numbers",
        "High needs places by school",
        "places are capacities of Get Information about Schools, which are often old or blank",
        f"{_SPENDING}: supporting file High needs place numbers, saved as CSV",
    ),
    Kind(
        "spending",
        "Planned expenditure of authorities by section 251 line",
        "there is no budget to compare with",
        f"{_SPENDING}: data set on schools, education and other by authority, as CSV",
    ),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}

NOT_USED: dict[str, str] = {
    "assessments": "assessments",
    "ceased": "ceased plans: their reasons, without ages",
}
"""Files of the same releases that no table is made from."""
