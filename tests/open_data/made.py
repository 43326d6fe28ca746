"""Made-up downloads in the published shapes: a county of two districts, and neighbours that must not get in.

Names of files say nothing, columns are shuffled; there are marks, extra columns, a byte order mark and Windows-1252.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import xlsxwriter
from shapely.geometry import box

COUNTY, OTHER = ("926", "E10000020", "Norfolk"), ("873", "E10000003", "Cambridgeshire")
DISTRICTS = {"E07000143": "Breckland", "E07000148": "Norwich"}
NEIGHBOUR = {"E07000009": "East Cambridgeshire"}
NEEDS = ("asd", "hi", "mld", "msi", "oth", "pd", "pmld", "semh", "slcn", "sld", "spld", "vi", "need_unknown")
COLUMNS = (
    "mainstream_la_maintained",
    "mainstream_la_maintained_resourced_provision",
    "mainstream_la_maintained_senunit",
    "mainstream_academy",
    "mainstream_academy_resourced_provision",
    "mainstream_academy_senunit",
    "mainstream_free_school",
    "mainstream_free_school_resourced_provision",
    "mainstream_free_school_senunit",
    "mainstream_independent",
    "special_la_maintained",
    "special_academy_free",
    "special_independent",
    "special_non_maintained",
    "ap_pru_academy",
    "ap_pru_free_school",
    "ap_pru_la_maintained",
    "general_fe_tertiary_colleges",
    "specialist_post_16_institutions",
    "ukrlp_provider",
    "elective_home_education",
    "other_arrangements_la",
    "other_arrangements_parents",
    "neet",
    "neet_other_csa",
    "nm_early_years",
    "placement_unknown",
)
LABELS = {
    "mainstream_la_maintained": "Mainstream - LA maintained",
    "mainstream_la_maintained_resourced_provision": "Mainstream - LA maintained (resourced provision)",
    "mainstream_la_maintained_senunit": "Mainstream - LA maintained (SEN unit)",
    "mainstream_academy": "Mainstream - academy",
    "mainstream_academy_resourced_provision": "Mainstream - academy (resourced provision)",
    "mainstream_academy_senunit": "Mainstream - academy (SEN unit)",
    "mainstream_free_school": "Mainstream - free school",
    "mainstream_free_school_resourced_provision": "Mainstream - free school (resourced provision)",
    "mainstream_free_school_senunit": "Mainstream - free school (SEN unit)",
    "mainstream_independent": "Mainstream - independent",
    "special_la_maintained": "Special - LA maintained",
    "special_academy_free": "Special - Academy/free schools",
    "special_independent": "Special - independent",
    "special_non_maintained": "Special - non-maintained",
    "ap_pru_academy": "AP/PRU - academy",
    "ap_pru_free_school": "AP/PRU - free school",
    "ap_pru_la_maintained": "AP/PRU - LA maintained",
    "general_fe_tertiary_colleges": "FE - general FE and tertiary colleges",
    "specialist_post_16_institutions": "FE - specialist post-16 institutions",
    "ukrlp_provider": "FE - UKRLP provider",
    "elective_home_education": "Educated elsewhere - elective home education",
    "other_arrangements_la": "Educated elsewhere - other arrangements by LA",
    "other_arrangements_parents": "Educated elsewhere - other arrangements by parents",
    "neet": "Educated elsewhere - NEET",
    "neet_other_csa": "Educated elsewhere - not in education or training (compulsory school age)",
    "nm_early_years": "Non-maintained early years",
    "placement_unknown": "Placement not recorded",
}
AGES = {
    "nm_early_years": (2, 4),
    "general_fe_tertiary_colleges": (16, 24),
    "specialist_post_16_institutions": (16, 24),
    "ukrlp_provider": (16, 22),
    "ap_pru_academy": (12, 15),
    "neet": (16, 24),
}
DEMAND = {
    "resource_base": [name for name in COLUMNS if name.endswith(("_resourced_provision", "_senunit"))],
    "special": ["special_la_maintained", "special_academy_free"],
    "independent": ["special_independent"],
    "non_maintained": ["special_non_maintained"],
    "alternative_provision": ["ap_pru_academy", "ap_pru_free_school", "ap_pru_la_maintained"],
    "college": ["general_fe_tertiary_colleges", "ukrlp_provider"],
    "specialist_post_16": ["specialist_post_16_institutions"],
    "early_years": ["nm_early_years"],
    "eotas": ["other_arrangements_la"],
    "home_education": ["elective_home_education"],
}
"""Which columns are demand, and of which type: `outputs.md` §1."""


@dataclass(frozen=True)
class Downloads:
    """The folder, every child as (need, age, column), and the files by what they are."""

    folder: Path
    children: list[tuple[str, int, str]]
    files: dict[str, Path] = field(default_factory=dict)

    def by_type(self) -> dict[str, int]:
        """Children by type of setting, as the published columns add up."""
        return {kind: sum(one[2] in columns for one in self.children) for kind, columns in DEMAND.items()}

    def need_by_type(self) -> dict[tuple[str, str], int]:
        """Children by need code and type."""
        out: dict[tuple[str, str], int] = {}
        for kind, columns in DEMAND.items():
            for need, _, column in self.children:
                if column in columns:
                    code = "UNK" if need == "need_unknown" else need.upper()
                    out[code, kind] = out.get((code, kind), 0) + 1
        return out


def write_downloads(folder: Path, seed: int = 1, number: int = 700) -> Downloads:
    """All files, under names that say nothing, in folders inside `folder`."""
    rng = random.Random(seed)
    children = [_child(rng) for _ in range(number)]
    (folder / "a" / "b").mkdir(parents=True)
    files = {
        "caseload": folder / "one.txt",
        "needs": folder / "a" / "two.csv",
        "new_plans": folder / "a" / "b" / "three.csv",
        "new_needs": folder / "four.csv",
        "requests": folder / "twelve.csv",
        "schools": folder / "a" / "five.csv",
        "lookup": folder / "six.csv",
        "deprivation": folder / "a" / "b" / "seven.csv",
        "population": folder / "eight.xlsx",
        "boundaries": folder / "a" / "nine.map",
        "spending": folder / "a" / "ten.csv",
        "place_numbers": folder / "eleven.csv",
    }
    made = Downloads(folder, children, files)
    _shuffled(caseload(children), files["caseload"], rng, "utf-8-sig")
    _shuffled(needs(children), files["needs"], rng, "utf-8-sig")
    _shuffled(new_plans(children), files["new_plans"], rng, "utf-8")
    _shuffled(new_needs(children), files["new_needs"], rng, "utf-8-sig")
    _shuffled(requests(), files["requests"], rng, "utf-8-sig")
    _shuffled(schools(), files["schools"], rng, "cp1252")
    _shuffled(lookup(), files["lookup"], rng, "utf-8-sig")
    _shuffled(deprivation(), files["deprivation"], rng, "utf-8")
    _shuffled(spending(), files["spending"], rng, "utf-8-sig")
    _shuffled(place_numbers(), files["place_numbers"], rng, "utf-8")
    population(files["population"], rng)
    beside = folder / "map.gpkg"
    boundaries().to_file(beside, layer="areas of 2021", driver="GPKG")
    beside.rename(files["boundaries"])
    return made


def _child(rng: random.Random) -> tuple[str, int, str]:
    column = rng.choice(COLUMNS)
    low, high = AGES.get(column, (4, 18))
    return rng.choice(NEEDS), rng.randint(low, high), column


def _shuffled(table: pd.DataFrame, file: Path, rng: random.Random, encoding: str) -> None:
    columns = list(table.columns)
    rng.shuffle(columns)
    rows = table.sample(frac=1.0, random_state=3)[columns].assign(note_of_ours="new in this download")
    rows.to_csv(file, index=False, encoding=encoding)


def _place(la: tuple[str, str, str], period: str, kind: str) -> dict[str, str]:
    return {
        "time_period": period,
        "time_identifier": kind,
        "geographic_level": "Local authority",
        "country_name": "England",
        "region_name": "East of England",
        "new_la_code": la[1],
        "old_la_code": la[0],
        "la_name": la[2],
    }


def _counts(children: list[tuple[str, int, str]]) -> dict[str, object]:
    counts: dict[str, object] = {name: sum(one[2] == name for one in children) for name in COLUMNS}
    counts["ap_pru_total"] = sum(one[2].startswith("ap_pru") for one in children)
    counts["special_total_pc"] = "z"
    counts["await_prov_2022"] = "x"
    counts["online_provider"] = ":"
    return counts


def _by_age(children: list[tuple[str, int, str]]) -> dict[str, list[tuple[str, int, str]]]:
    labels = {2: "under 3"}
    ages = sorted({one[1] for one in children})
    return {labels.get(age, f"age {age}"): [one for one in children if one[1] == age] for age in ages}


def caseload(children: list[tuple[str, int, str]], la: tuple[str, str, str] = COUNTY) -> pd.DataFrame:
    """caseload.csv of two authorities and England: three counts, the last two by age."""
    rows = []
    for where in (la, OTHER):
        for period, share in (("202223", 0.7), ("202324", 0.85), ("202425", 1.0)):
            some = children[: round(len(children) * share)]
            some = some if where == la else some[::3]
            topics = {"All EHC plans": {"All EHC plans": some}}
            if period != "202223":
                topics["Child or young persons age"] = _by_age(some)
            topics["Sex"] = {"Female": some[::3]}
            for topic, parts in topics.items():
                for label, those in parts.items():
                    said = {"breakdown_topic": topic, "breakdown": label, "ehcplans": len(those)}
                    rows.append({**_place(where, period, "Academic year"), **said, **_counts(those)})
    rows.append({**rows[0], "geographic_level": "National", "old_la_code": "", "new_la_code": "", "la_name": ""})
    return pd.DataFrame(rows)


def _needs_of(children: list[tuple[str, int, str]]) -> dict[str, object]:
    counts: dict[str, object] = {f"number_{need}": sum(one[0] == need for one in children) for need in NEEDS}
    return {**counts, "asd_pc": "c"}


def needs(children: list[tuple[str, int, str]], la: tuple[str, str, str] = COUNTY) -> pd.DataFrame:
    """sen_needs_all_plans.csv: by age and by type of placement, with the totals DfE puts between them."""
    rows = []
    for where in (la, OTHER):
        some = children if where == la else children[::3]
        placed = {LABELS[name]: [one for one in some if one[2] == name] for name in COLUMNS}
        placed = {label: those for label, those in placed.items() if those}
        placed["AP/PRU - total"] = [one for one in some if one[2].startswith("ap_pru")]
        placed["Special - total"] = [one for one in some if one[2].startswith("special_")]
        topics = {
            "All EHC plans": {"All EHC plans": some},
            "Child or young persons age": _by_age(some),
            "Type of placement": placed,
        }
        for topic, parts in topics.items():
            for label, those in parts.items():
                said = {"breakdown_topic": topic, "breakdown": label, "ehc_plans": len(those)}
                rows.append({**_place(where, "202425", "Academic year"), **said, **_needs_of(those)})
    return pd.DataFrame(rows)


def new_plans(children: list[tuple[str, int, str]], la: tuple[str, str, str] = COUNTY) -> pd.DataFrame:
    """newplans.csv: plans begun in two calendar years, by the age when they began."""
    rows = []
    for period, those in (("2023", children[::6]), ("2024", children[::5])):
        parts = {"New EHC plans": {"New EHC plans": those}, "Age when plan started": _by_age(those)}
        for topic, labels in parts.items():
            for label, some in labels.items():
                said = {"breakdown_topic": topic, "breakdown": label, "new_ehc_plans": len(some)}
                rows.append({**_place(la, period, "Calendar year"), **said, **_counts(some)})
    return pd.DataFrame(rows)


def new_needs(children: list[tuple[str, int, str]], la: tuple[str, str, str] = COUNTY) -> pd.DataFrame:
    """sen_need_newplans.csv: the last year of them by need and age."""
    rows = []
    for label, some in _by_age(children[::5]).items():
        said = {"breakdown_topic": "Child or young persons age", "breakdown": label, "ehc_plans": len(some)}
        rows.append({**_place(la, "2024", "Calendar year"), **said, **_needs_of(some)})
    return pd.DataFrame(rows)


SCHOOLS = (
    # urn, name, type, status, low, high, capacity, roll, needs, base, its capacity, its roll, district
    ("140001", "Château School", "44", "Open", 4, 19, "120", "110", ("Not Applicable", "ASD", "SLD"), "", "", "", 0),
    ("140002", "Fen Edge School", "07", "Open", 4, 16, "", "60", ("SEMH",), "", "", "", 1),
    ("140003", "Old Hall School", "07", "Closed", 4, 16, "90", "80", ("MLD",), "", "", "", 0),
    ("140004", "Broad Free School", "36", "Open", 4, 16, "40", "55", ("ASD", "SLCN"), "", "", "", 1),
    ("140005", "Market Primary", "34", "Open", 4, 11, "420", "400", ("SLCN",), "Resourced provision", "12", "9", 0),
    ("140006", "Cathedral High School", "28", "Open", 11, 16, "900", "950", ("ASD",), "SEN unit", "", "16", 1),
    ("140007", "Nothing Special Primary", "01", "Open", 4, 11, "210", "200", (), "Not applicable", "", "", 0),
    ("140008", "Marsh House", "10", "Open", 8, 18, "40", "30", ("SEMH", "ASD"), "", "", "", 0),
    ("140009", "The Short Stay School", "14", "Open", 11, 16, "", "70", (), "", "", "", 1),
    ("140010", "City College", "18", "Open", 16, 99, "", "", (), "", "", "", 1),
)  # fmt: skip


def schools(la: tuple[str, str, str] = COUNTY) -> pd.DataFrame:
    """A GIAS extract of the county, with its real headings, and one school of a neighbour."""
    rows = []
    districts = list(DISTRICTS)
    for place, row in enumerate(SCHOOLS):
        urn, name, kind, status, low, high, capacity, roll, designated, base, base_capacity, base_roll, which = row
        part = "ResourcedProvision" if base.startswith("Res") else "SenUnit"
        cells = {
            "URN": urn,
            "LA (code)": la[0],
            "EstablishmentName": name,
            "TypeOfEstablishment (code)": kind,
            "TypeOfEstablishment (name)": "as the code says",
            "EstablishmentStatus (name)": status,
            "OpenDate": "",
            "StatutoryLowAge": low,
            "StatutoryHighAge": high,
            "SchoolCapacity": capacity,
            "NumberOfPupils": roll,
            "TypeOfResourcedProvision (name)": base,
            "Section41Approved (name)": "Approved" if kind == "10" else "Not applicable",
            "DistrictAdministrative (code)": districts[which],
            "Easting": str(601_000 + 1_000 * place),
            "Northing": str(301_500),
        }
        cells |= {f"SEN{number} (name)": "" for number in range(1, 14)}
        cells |= {
            f"SEN{number} (name)": need if need.startswith("Not") else f"{need} - what it is"
            for number, need in enumerate(designated, 1)
        }
        cells |= {f"{name}{what}": "" for name in ("ResourcedProvision", "SenUnit") for what in ("Capacity", "OnRoll")}
        if base and not base.startswith("Not"):
            cells |= {f"{part}Capacity": base_capacity, f"{part}OnRoll": base_roll}
        rows.append(cells)
    rows.append({**rows[0], "URN": "149999", "LA (code)": OTHER[0], "EstablishmentName": "Over the border"})
    return pd.DataFrame(rows)


def spending() -> pd.DataFrame:
    """Planned expenditure of both authorities, by section 251 line."""
    lines = {
        "1.0.2 High needs place funding within Individual Schools Budget": "1000000",
        "1.2.1 Top-up funding – maintained schools": "2,000,000",
        "1.2.10 PFI and BSF costs at special schools": "30000",
        "1.2.4 Additional high needs targeted funding for mainstream schools": "400000",
        "1.2.13 Therapies and other health related services": "c",
        "2.1.4 Home to school transport (pre 16): SEN transport expenditure": "5000000",
    }
    rows = [
        {
            **_place(la, "202526", "Financial year"),
            "main_category_planned_expenditure": "High needs",
            "category_of_planned_expenditure": line,
            "gross_planned_expenditure": "z",
            "net_planned_expenditure": pounds,
        }
        for la in (COUNTY, OTHER)
        for line, pounds in lines.items()
    ]
    return pd.DataFrame(rows)


def requests() -> pd.DataFrame:
    """Requests for assessment by calendar year: those undecided are not known before 2023."""
    columns = ("requests_received_in_year", "requests_decided_not_to_assess", "requests_decision_not_made")
    counts = {"2022": ("150", "40", "x"), "2023": ("1,180", "45", "20"), "2024": ("210", "50", "[x]")}
    kind = {"breakdown_topic": "All requests for EHC needs assessments", "breakdown": "All requests"}
    by_sex = {"breakdown_topic": "Sex", "breakdown": "Female"}
    return pd.DataFrame(
        [
            {**_place(la, year, "Calendar year"), **topic, **dict(zip(columns, cells, strict=True))}
            for la in (COUNTY, OTHER)
            for year, cells in counts.items()
            for topic in (kind, by_sex)
        ]
    )


def place_numbers() -> pd.DataFrame:
    """Places that DfE funds in bases of academies."""
    head = "2024 to 2025 mainstream academies and free schools - pre-16 SEN Unit/RP Places (@£{}k)"
    return pd.DataFrame({"URN": ["140005", "140006"], head.format(6): ["9", "20"], head.format(10): ["5", "x"]})


def areas() -> list[tuple[str, str, str, str, str]]:
    """LSOA code, its name, ward, district code and name: six in each district, two in a neighbour's."""
    found = []
    for place, (code, name) in enumerate({**DISTRICTS, **NEIGHBOUR}.items()):
        for number in range(6 if code in DISTRICTS else 2):
            lsoa = f"E010{place}{number:04d}"
            found.append((lsoa, f"{name} 00{number // 3 + 1}{'ABC'[number % 3]}", f"Ward {number // 3}", code, name))
    return found


def lookup() -> pd.DataFrame:
    """LSOA to ward to district."""
    columns = ["LSOA21CD", "LSOA21NM", "WD24NM", "LAD24CD", "LAD24NM"]
    return pd.DataFrame(areas(), columns=columns).assign(WD24CD="E05000001")


def deprivation() -> pd.DataFrame:
    """File 7."""
    rows = [
        {
            "LSOA code (2021)": code,
            "LSOA name (2021)": name,
            "Local Authority District code (2024)": district,
            "Local Authority District name (2024)": called,
            "Index of Multiple Deprivation (IMD) Score": "20.1",
            "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": str(1 + place % 10),
        }
        for place, (code, name, _, district, called) in enumerate(areas())
    ]
    return pd.DataFrame(rows)


def population(file: Path, rng: random.Random) -> None:
    """The workbook with a sheet a year, the headings in its fourth row."""
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Contents").write(0, 0, "Notes")
        for year in (2023, 2024):
            sheet = book.add_worksheet(f"Mid-{year} LSOA 2021")
            ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
            head = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages]
            sheet.write_row(3, 0, head)
            for number, (code, name, _, district, called) in enumerate(areas()):
                counts = [rng.randint(5, 15) for _ in ages]
                sheet.write_row(4 + number, 0, [district, called, code, name, sum(counts), *counts])


def boundaries() -> gpd.GeoDataFrame:
    """Squares of 2 km, side by side."""
    rows = areas()
    shapes = [box(600_000 + 2_000 * n, 300_000, 602_000 + 2_000 * n, 303_000) for n in range(len(rows))]
    frame = {"LSOA21CD": [row[0] for row in rows], "LSOA21NM": [row[1] for row in rows]}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=27700)
