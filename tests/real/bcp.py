"""A model of Bournemouth, Christchurch and Poole (BCP) from open data: real places, schools and numbers of children.

`build(folder, data)` reads ../shared/data/bcp and writes a model and its tables into `folder`. What is real: the 240
small areas (LSOAs), the schools and where they stand, all plans of January 2025 by need, age and placement, and the
population projection. What no open table says is assumed here, each time in the plainest way:

- A *specialist place* is any placement but an ordinary mainstream class, an ordinary nursery, home education and none
  at all. Children of compulsory school age who are out of education wait for a place.
- Need × phase × placement is fitted to the three published two-way tables (iterative proportional fitting) and
  rounded to whole children, so that need × placement stays as published.
- Children live where children of their age live, a little more where deprivation is higher; students are no guide to
  plans, so those over 18 live where 16–18-year-olds do. Children go to nearer and larger schools more often. Both are
  drawn with a fixed seed.
- The only stand-in for capacity is the number of pupils with a plan on roll in January 2019, grown as placements in
  that kind of school grew from January 2020 to January 2025. Children beyond it are at schools elsewhere, which have
  room for no more.
- Bases have the 66 academy places funded from September 2023 (53 at £6,000 and 13 at £10,000); 51 children with a plan
  were in them in January 2025. Which schools host them is partly known.
- Children needing a place grow with the population of their age and with the rate of plans, whose published growth
  is damped by three tenths every year. Nobody changes need.
- Costs are national averages (DfE, NAO and published council papers), not BCP's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BASE_YEAR = 2025
LAST_YEAR = 2035
SEED = 839
NEEDS = ("ASD", "HI", "MLD", "MSI", "OTH", "PD", "PMLD", "SEMH", "SLCN", "SLD", "SPLD", "VI")
PHASES = {"early_years": (0, 3), "primary": (4, 10), "secondary": (11, 15), "post_16": (16, 18), "post_19": (19, 25)}
"""First and last age."""
YEAR_GROUPS = {"early_years": 4, "primary": 7, "secondary": 5, "post_16": 3, "post_19": 6}
PEOPLE = {"early_years": "pop_0_4", "primary": "pop_5_10", "secondary": "pop_11_15"} | dict.fromkeys(
    ("post_16", "post_19"), "pop_16_18"
)
"""The column of the small areas that says where children of a phase live."""
DEPRIVATION = 0.05
"""Plans a child more (as a share) for each decile of deprivation above the middle."""
DAMPING = 0.7
"""Growth of the rate of plans each year, as a share of the growth the year before."""
NEARNESS = 8.0
"""km at which a school of the same size is chosen a third as often."""

GROUPS = {
    "base": (
        "resource_base",
        "bases_rp_senunit",
        "Mainstream - academy (resourced provision)",
        "Mainstream - academy (SEN unit)",
        "Mainstream - LA maintained (resourced provision)",
    ),
    "maintained": ("special_school", "special_state", "Special - LA maintained"),
    "academy": ("special_school", "special_state", "Special - Academy/free schools"),
    "independent": ("independent", "inmss", "Special - independent"),
    "non_maintained": ("non_maintained", "inmss", "Special - non-maintained"),
    "ap": ("alternative_provision", "ap", "AP/PRU - total"),
    "college": ("college", "fe_spi", "FE - general FE and tertiary colleges", "FE - UKRLP provider"),
    "spi": ("specialist_post_16", "fe_spi", "FE - specialist post-16 institutions"),
    "eotas": ("eotas", "la_other_eotas", "Educated elsewhere - other arrangements by LA"),
    "awaiting": ("", "neet_niet", "Educated elsewhere - not in education or training (compulsory school age)"),
    "elsewhere": (
        "",
        "neet_niet",
        "Educated elsewhere - NEET",
        "Educated elsewhere - not in education or training (notice to cease issued)",
        "Educated elsewhere - not in education or training (other)",
    ),
    "mainstream": ("", "mainstream_excl_bases", "Mainstream - total"),
    "home": ("", "ehe", "Educated elsewhere - elective home education"),
    "nursery": ("", "early_years", "Non-maintained early years"),
}
"""Placements: the type of setting (none: not planned for), the column of the table by age, the rows of the table by
need.
"""
PLANNED = tuple(group for group, (kind, *_) in GROUPS.items() if kind)
NOT_IN_AGES = {"awaiting": ("early_years", "post_16", "post_19"), "elsewhere": ("early_years", "primary", "secondary")}
"""Compulsory school age, and past it."""

CHRISTCHURCH = (
    "Burton & Grange",
    "Christchurch Town",
    "Commons",
    "Highcliffe & Walkford",
    "Mudeford, Stanpit & West Highcliffe",
)
POOLE = (
    "Alderney & Bourne Valley",
    "Bearwood & Merley",
    "Broadstone",
    "Canford Cliffs",
    "Canford Heath",
    "Creekmoor",
    "Hamworthy",
    "Newtown & Heatherlands",
    "Oakdale",
    "Parkstone",
    "Penn Hill",
    "Poole Town",
)
TOWNS = {835: "Christchurch", 836: "Poole", 837: "Bournemouth"}
"""By the number of the authority a school was in before 2019."""


@dataclass(frozen=True)
class Line:
    """A line of places at one setting. `places` None: no limit. `growth`: the columns of placements whose growth
    its roll shared.
    """

    line: str
    setting: str
    group: str
    needs: str
    can_meet: str = ""
    phases: str = ""
    places: int | None = None
    growth: str = ""
    overflow: bool = False


MAINTAINED, ACADEMY, NON_MAINTAINED = "special_la_maintained", "special_academy_free", "special_non_maintained"
SCHOOLS = (
    Line("LINWOOD", "113961", "maintained", "ASD MLD SLD PMLD SLCN", "SEMH PD OTH SPLD HI VI MSI", growth=MAINTAINED),
    Line("WINCHELSEA", "113955", "maintained", "ASD MLD SLCN", "SEMH SPLD OTH PD", growth=MAINTAINED),
    Line("MONTACUTE", "137286", "academy", "PMLD SLD PD MSI ASD", "MLD SLCN HI VI OTH", growth=ACADEMY),
    Line("TREGONWELL", "137998", "academy", "SEMH ASD", "SLCN MLD SPLD OTH", growth=ACADEMY),
    Line("LONGSPEE", "140067", "academy", "SEMH", "ASD SLCN MLD SPLD OTH", growth=ACADEMY),
    Line("PORTFIELD", "113942", "non_maintained", "ASD", "SLCN MLD", growth=NON_MAINTAINED),
    Line("VICTORIA", "113954", "non_maintained", "PD MSI HI VI", "PMLD SLCN OTH MLD SLD", growth=NON_MAINTAINED),
    Line("LANGSIDE", "133740", "non_maintained", "PMLD PD", "SLD MSI", growth=NON_MAINTAINED),
)
"""Special schools by their unique reference number (URN). Designations: council papers and the schools' names."""
COMMUNICATION, EMOTIONAL = ("ASD SLCN", "MLD SLD OTH"), ("SEMH ASD", "SLCN MLD OTH")
BASES = (
    Line("B01", "139447", "base", *COMMUNICATION, "primary", 6),
    Line("B02", "142102", "base", *COMMUNICATION, "primary", 6),
    Line("B03", "142971", "base", *COMMUNICATION, "primary", 6),
    Line("B04", "141763", "base", *COMMUNICATION, "primary", 7),
    Line("B05", "142354", "base", *COMMUNICATION, "primary", 6),
    Line("B06", "142428", "base", *EMOTIONAL, "primary", 6),
    Line("B07", "137349", "base", *COMMUNICATION, "secondary post_16", 9),
    Line("B08", "136120", "base", *EMOTIONAL, "secondary", 8),
    Line("B09", "136206", "base", *COMMUNICATION, "secondary", 6),
    Line("B10", "141378", "base", *COMMUNICATION, "secondary", 6),
)
"""The first four host bases or satellites in council papers; the others had the most pupils with a plan in 2019."""
ALTERNATIVE = Line("QUAY", "139498", "ap", "SEMH ASD", "SLCN MLD SPLD OTH", "secondary")
SCHOOL_AGES, ALL_AGES = "early_years primary secondary post_16", "early_years primary secondary post_16 post_19"
POOLS = (
    Line("SP-OUT", "STATE-OUT", "maintained", "any", "", SCHOOL_AGES, overflow=True),
    Line("SP-OUT", "STATE-OUT", "academy", "any", "", SCHOOL_AGES, overflow=True),
    Line("NM-OUT", "NMSS-OUT", "non_maintained", "any", "", ALL_AGES, overflow=True),
    Line("IN", "INDEPENDENT", "independent", "any", "", ALL_AGES),
    Line("FE", "COLLEGES", "college", "any", "", "post_16 post_19"),
    Line("SPI", "SPI", "spi", "any", "", "post_16 post_19"),
    Line("EOTAS", "EOTAS", "eotas", "any", "", ALL_AGES),
)
POOLED = (
    ("STATE-OUT", "State special schools of other authorities", "special_school", False, 16, 32),
    ("NMSS-OUT", "Non-maintained schools beyond BCP", "non_maintained", False, 40, 50),
    ("INDEPENDENT", "Independent special schools", "independent", False, 25, 38),
    ("COLLEGES", "Colleges", "college", True, 8, 22),
    ("SPI", "Specialist post-16 institutions", "specialist_post_16", False, 30, 42),
    ("EOTAS", "Education otherwise than at school", "eotas", True, 0, 0),
)
"""Setting, name, type, whether in the area, km and minutes one way (assumed: nothing says where each of them is)."""

COSTS = (
    ("resource_base", 12_000, 6_000, 10_000, "1.2.1"),
    ("special_school", 16_000, 10_000, None, "1.2.1"),
    ("independent", 63_000, None, None, "1.2.3"),
    ("non_maintained", 53_000, None, None, "1.2.3"),
    ("alternative_provision", 12_000, 10_000, None, "1.2.7"),
    ("college", 16_000, None, None, "1.2.2"),
    ("specialist_post_16", 45_000, None, None, "1.2.3"),
    ("eotas", 45_000, None, None, "1.2.7"),
)
"""Type, top-up or fee, place funding filled and empty, section 251 line; £ a year."""
OUT_OF_AREA_FEE = 22_000
"""£ a child at another authority's special school: top-up and the £6,000 that the grant moves with the child."""

MODEL = f"""name = "Bournemouth, Christchurch and Poole, open data"
base_year = {BASE_YEAR}
years = [{BASE_YEAR + 1}, {LAST_YEAR}]

[tables]
areas = "areas.gpkg"
demand = "demand.parquet"
settings = "settings.csv"
places = "places.csv"
placements = "placements.csv"
costs = "costs.csv"

[finance]
awaiting_cost = 14_000

[solver]
seconds = 3_600
"""


def build(folder: Path, data: Path) -> Path:
    """Write the model of BCP into `folder` from the open data in `data`, and return the model file."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    areas = _areas(data)
    shares = _shares(data, areas["area"])
    whole = _whole_children(_fitted(data))
    schools = pd.read_csv(data / "schools.csv", dtype={"URN": str}).set_index("URN")
    lines = list(_lines(schools, data, whole))
    children = _children(whole, shares, rng)
    placed = _placed(children, lines, areas, schools, rng)
    areas.to_file(folder / "areas.gpkg", layer="areas", driver="GPKG")
    _demand(children, shares, data).to_parquet(folder / "demand.parquet", index=False)
    _settings(schools, lines).to_csv(folder / "settings.csv", index=False)
    _places(lines, placed, whole).to_csv(folder / "places.csv", index=False)
    keys = ["area", "need", "phase", "line"]
    placed.groupby(keys, as_index=False).size().rename(columns={"size": "children"}).to_csv(
        folder / "placements.csv", index=False
    )
    _costs().to_csv(folder / "costs.csv", index=False)
    model = folder / "bcp.toml"
    model.write_text(MODEL, encoding="utf-8")
    return model


def published(data: Path) -> pd.Series[float]:
    """Plans of January 2025 by type of setting, and `awaiting`, as published."""
    table = _by_need(data)
    totals = {group: table.loc[list(rows), "ehc_plans"].sum() for group, (_, _, *rows) in GROUPS.items()}
    kinds = [GROUPS[group][0] or "awaiting" for group in (*PLANNED, "awaiting")]
    return pd.Series([totals[group] for group in (*PLANNED, "awaiting")], index=kinds).groupby(level=0).sum()


def _areas(data: Path) -> gpd.GeoDataFrame:
    """The small areas in the British National Grid, each in one of the three towns."""
    areas = gpd.read_file(data / "lsoa.geojson").to_crs(27700)
    towns = dict.fromkeys(CHRISTCHURCH, "Christchurch") | dict.fromkeys(POOLE, "Poole")
    areas["locality"] = areas["ward24_name"].map(towns).fillna("Bournemouth")  # every other ward
    names = {"lsoa21_code": "area", "lsoa21_name": "name", "ward24_name": "ward", "IMD_decile": "imd_decile"}
    columns = ["area", "name", "locality", "ward", "x", "y", "imd_decile", *sorted(set(PEOPLE.values())), "geometry"]
    areas = areas.rename(columns=names)[columns]
    areas["name"] = areas["name"].str.removeprefix("Bournemouth, Christchurch and Poole ")
    return areas.sort_values("area", ignore_index=True)


def _shares(data: Path, codes: pd.Series[str]) -> dict[str, Floats]:
    """For each phase the share of children with a plan who live in each area."""
    areas = gpd.read_file(data / "lsoa.geojson", ignore_geometry=True).set_index("lsoa21_code").loc[codes]
    weight = 1 + DEPRIVATION * (5.5 - areas["IMD_decile"].to_numpy())
    people = {phase: areas[column].to_numpy() * weight for phase, column in PEOPLE.items()}
    return {phase: there / there.sum() for phase, there in people.items()}


def _by_need(data: Path) -> pd.DataFrame:
    return pd.read_csv(data / "bcp_2025_primary_need_by_placement.csv").set_index("breakdown").fillna(0.0)


def _by_phase(data: Path, file: str) -> pd.DataFrame:
    """A table of single ages as one of phases."""
    table = pd.read_csv(data / file).fillna(0.0)  # blank: nobody
    age = table.pop("breakdown").str.replace("under 3", "age 2").str.removeprefix("age ").astype(int)
    phase = pd.cut(age, [-1, *(last for _, last in PHASES.values())], labels=list(PHASES))
    return table.groupby(phase, observed=False).sum()


def _fitted(data: Path) -> dict[str, pd.DataFrame]:
    """Plans by group as a table of need × phase: the published two-way tables, fitted in turn."""
    by_need, ages = _by_need(data), _by_phase(data, "bcp_2025_placement_mix_by_age.csv")
    needs_by_phase = _by_phase(data, "bcp_2025_primary_need_by_age.csv").rename(columns=str.upper)[list(NEEDS)]
    by_need = by_need.rename(columns=str.upper)[list(NEEDS)].astype(float)
    need_by_group = np.stack([by_need.loc[list(rows)].sum().to_numpy() for _, _, *rows in GROUPS.values()])
    names = list(GROUPS)
    bases = need_by_group[names.index("base")]
    need_by_group[names.index("mainstream")] -= bases
    columns = [GROUPS[name][1] for name in names]
    table = np.ones((len(names), len(NEEDS), len(PHASES)))
    for name, barred in NOT_IN_AGES.items():
        table[names.index(name)][:, [list(PHASES).index(phase) for phase in barred]] = 1e-6
    for _ in range(300):
        for column in dict.fromkeys(columns):
            members = [index for index, name in enumerate(columns) if name == column]
            asked = ages[column].to_numpy(dtype=float)
            asked = asked * need_by_group[members].sum() / asked.sum()
            table[members] *= _ratio(asked, table[members].sum(axis=(0, 1)))
        table *= _ratio(needs_by_phase.to_numpy(dtype=float).T, table.sum(axis=0))
        table *= _ratio(need_by_group, table.sum(axis=2))[:, :, None]
    return {name: pd.DataFrame(table[index], list(NEEDS), list(PHASES)) for index, name in enumerate(names)}


def _ratio(asked: Floats, there: Floats) -> Floats:
    return np.divide(asked, there, out=np.zeros_like(asked), where=there > 0)


def _whole_children(fitted: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Whole children: each need and group keeps its published number, the largest fractions are rounded up."""
    rounded = {}
    for name in (*PLANNED, "awaiting"):
        table = fitted[name].to_numpy()
        floor = np.floor(table + 1e-9)
        for row, left in enumerate(np.rint((table - floor).sum(axis=1)).astype(int)):
            floor[row, np.argsort(floor[row] - table[row], kind="stable")[:left]] += 1
        rounded[name] = pd.DataFrame(floor.astype(int), fitted[name].index, fitted[name].columns)
    return rounded


def _lines(schools: pd.DataFrame, data: Path, whole: dict[str, pd.DataFrame]) -> Iterator[Line]:
    """All lines, with the places that stand in for their capacity and the phases of their school."""
    placed = pd.read_csv(data / "ehcp_caseload_by_placement_bcp_201819_202425.csv", index_col=0)
    for line in SCHOOLS:
        grown = float(placed.loc[line.growth, "202425"]) / float(placed.loc[line.growth, "201920"])
        places = round(float(schools.loc[line.setting, "TSENELSE"]) * grown)
        lowest, highest = schools.loc[line.setting, ["minAge", "maxAge"]]
        ages = {"early_years": lowest <= 3, "primary": True, "secondary": True, "post_16": highest >= 18}
        phases = " ".join(phase for phase, taken in ages.items() if taken)
        yield Line(line.line, line.setting, line.group, line.needs, line.can_meet, phases, places, line.growth)
    yield from BASES
    yield Line(**{**vars(ALTERNATIVE), "places": int(schools.loc[ALTERNATIVE.setting, "NOR"])})
    yield from POOLS


def _children(whole: dict[str, pd.DataFrame], shares: dict[str, Floats], rng: np.random.Generator) -> pd.DataFrame:
    """One row a child: group, need, phase and the position of the area."""
    tables = [table.rename_axis("need").reset_index().assign(group=name) for name, table in whole.items()]
    counts = pd.concat(tables).melt(["group", "need"], var_name="phase", value_name="children")
    children = counts.loc[counts.index.repeat(counts["children"]), ["group", "need", "phase"]].reset_index(drop=True)
    children["area"] = 0
    for phase, rows in children.groupby("phase").groups.items():
        children.loc[rows, "area"] = rng.choice(len(shares[str(phase)]), size=len(rows), p=shares[str(phase)])
    return children


def _placed(
    children: pd.DataFrame, lines: list[Line], areas: gpd.GeoDataFrame, schools: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One row a child with the code of its area and its line."""
    room = {line.line: np.inf if line.places is None else line.places for line in lines}
    spots = schools[["easting", "northing"]]
    chosen: dict[int, str] = {}
    x, y = areas["x"].to_numpy(), areas["y"].to_numpy()
    for child in children.sample(frac=1.0, random_state=rng).itertuples():  # who comes late finds the nearest full
        if child.group == "awaiting":
            chosen[child.Index] = "awaiting"
            continue
        weights = {}
        for line in lines:
            if line.group != child.group or child.phase not in line.phases.split() or room[line.line] < 1:
                continue
            fit = 1.0 if line.needs == "any" or child.need in line.needs.split() else 0.0
            fit = fit or (0.3 if child.need in line.can_meet.split() else 0.0)
            if line.overflow:
                fit *= 1e-9
            if line.setting in spots.index:
                east, north = spots.loc[line.setting]
                km = np.hypot(east - x[child.area], north - y[child.area]) / 1000
                fit *= float(line.places or 1) * np.exp(-km / NEARNESS)
            weights[line.line] = max(fit, 1e-12)
        names = list(weights)
        share = np.array([weights[name] for name in names])
        line_name = names[rng.choice(len(names), p=share / share.sum())]
        room[line_name] -= 1
        chosen[child.Index] = line_name
    return children.assign(line=pd.Series(chosen), area=areas["area"].to_numpy()[children["area"]])


def _demand(children: pd.DataFrame, shares: dict[str, Floats], data: Path) -> pd.DataFrame:
    """Children by area, need, phase and year. Those of the base year leave as they age; those who come live where
    children live.
    """
    codes = _areas(data)["area"].to_numpy()
    growth = _growth(data)
    tables = []
    for (need, phase), rows in children.groupby(["need", "phase"]):
        stay = 1 - 1 / YEAR_GROUPS[str(phase)]
        here = np.bincount(rows["area"], minlength=len(codes)).astype(float)
        total = here.sum()
        for year in range(BASE_YEAR, LAST_YEAR + 1):
            if year > BASE_YEAR:
                after = total * growth[str(phase)][year]
                here = stay * here + (after - stay * total) * shares[str(phase)]
                total = after
            tables.append(pd.DataFrame({"area": codes, "need": need, "phase": phase, "year": year, "children": here}))
    return pd.concat(tables, ignore_index=True)


def _growth(data: Path) -> dict[str, dict[int, float]]:
    """For each phase the factor from one year to the next: population of the age × damped growth of the rate of
    plans.
    """
    people = pd.read_csv(data / "population_projection_2022_2035.csv").set_index("age")
    placed = pd.read_csv(data / "ehcp_caseload_by_placement_bcp_201819_202425.csv", index_col=0)
    plans = placed.loc["ehcplans"].astype(float)
    yearly = (plans["202425"] / plans["201920"]) ** (1 / 5)
    born = people.loc[4:, [str(year) for year in range(BASE_YEAR, LAST_YEAR + 1)]]
    lived = float(born[str(BASE_YEAR)].sum() / people["2022"].sum()) ** (1 / 3)
    rate = yearly / lived - 1
    factors: dict[str, dict[int, float]] = {}
    for phase, (first, last) in PHASES.items():
        band = people.loc[max(first, 4) : max(last, 4)].sum()  # the projection starts at 4
        factors[phase] = {
            year: float(band[str(year)] / band[str(year - 1)]) * (1 + rate * DAMPING ** (year - BASE_YEAR))
            for year in range(BASE_YEAR + 1, LAST_YEAR + 1)
        }
    return factors


def _settings(schools: pd.DataFrame, lines: list[Line]) -> pd.DataFrame:
    """Real schools where they stand, and pools without a place on the map."""
    rows = []
    for line in lines:
        if line.setting not in schools.index:
            continue
        school = schools.loc[line.setting]
        kind = GROUPS[line.group][0]
        town = TOWNS[int(school["LA"])]
        rows.append((line.setting, school["name"], kind, town, school["easting"], school["northing"], True, None, None))
    rows += [
        (code, name, kind, None, None, None, inside, km, minutes) for code, name, kind, inside, km, minutes in POOLED
    ]
    names = ["setting", "name", "type", "locality", "x", "y", "in_area", "km", "minutes"]
    return pd.DataFrame(rows, columns=names)


def _places(lines: list[Line], placed: pd.DataFrame, whole: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every line once. Schools elsewhere have the places our children are in; AP keeps the rest of its places for
    children without a plan.
    """
    in_line = placed["line"].value_counts()
    rows = []
    for line in {line.line: line for line in lines}.values():
        places, reserved = line.places, 0
        if line.overflow:
            places = int(in_line.get(line.line, 0))  # none placed: none
        if line.group == "ap" and places is not None:
            reserved = places - int(whole["ap"].to_numpy().sum())
        match = 0.5 if line.can_meet else None
        rows.append(
            (line.line, line.setting, line.needs, line.phases, BASE_YEAR, places, reserved, line.can_meet, match)
        )
    names = ["line", "setting", "needs", "phases", "from_year", "places", "reserved", "can_meet", "match"]
    return pd.DataFrame(rows, columns=names).astype({"places": "Int64"})


def _costs() -> pd.DataFrame:
    rows = [
        (kind, None, child, place, empty, line, "1.0.2" if place else None) for kind, child, place, empty, line in COSTS
    ]
    rows.append(("special_school", "STATE-OUT", OUT_OF_AREA_FEE, None, None, "1.2.3", None))
    names = ["type", "setting", "per_child", "per_place", "per_empty_place", "budget_line", "place_budget_line"]
    return pd.DataFrame(rows, columns=names)
