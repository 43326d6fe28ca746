"""The register of Saltmere's specialist provision: settings and lines of places. All of it is invented.

`filled` is not written out: it is how many of Saltmere's own children `placing.py` may put in a line,
which makes the troubles that planners know: special schools full or over full, specialist bases with
places to spare, and much use of AP.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from geography import Geography

ANY_SCHOOL = "primary secondary post_16"
COMMUNICATION = ("ASD SLCN", "MLD SPLD OTH")
EMOTIONAL = ("SEMH", "ASD SLCN OTH")
LEARNING = ("MLD SPLD", "SLCN ASD OTH")
SENSORY = ("HI VI PD MSI", "SLCN OTH")


@dataclass(frozen=True)
class Setting:
    """A school, a pool of schools or a service, as in `settings.csv`."""

    setting: str
    name: str
    type: str
    ward: str | None = None  # None: a pool or a school elsewhere, with km and minutes
    opens: int | None = None
    closes: int | None = None
    physical_places: int | None = None
    school: str | None = None
    in_area: bool = True
    km: float | None = None
    minutes: float | None = None


FIRST_YEAR = 2025
"""September of the base year."""


@dataclass(frozen=True)
class Line:
    """Places commissioned at one setting, as in `places.csv`."""

    line: str
    setting: str
    needs: str
    can_meet: str
    match: float
    phases: str
    places: int | None
    filled: int | None  # most of Saltmere's own children in it in the base year; None: no limit
    imported: int = 0
    reserved: int = 0
    overfill: float = 0.0
    type: str | None = None
    from_year: int = FIRST_YEAR
    pull: float = 1.0  # how readily children are placed in it, beside others of its type


# Specialist bases: line, school, ward, designation, phase, places, filled, physical limit of the school's
# specialist rooms.
BASES = [
    ("B01", "Kelp Row Primary School", "Kelp Row", COMMUNICATION, "primary", 12, 11, 12),
    ("B02", "Ropewalk Primary School", "Ropewalk", COMMUNICATION, "primary", 12, 9, 18),
    ("B03", "Fish Quay Primary Academy", "Fish Quay", EMOTIONAL, "primary", 10, 8, 10),
    ("B04", "Pilgrims Rise Primary School", "Pilgrims Rise", COMMUNICATION, "primary", 10, 5, 18),
    ("B05", "Gullhaven Primary School", "Gullhaven", COMMUNICATION, "primary", 12, 10, 14),
    ("B06", "Strandings Primary School", "Strandings", LEARNING, "primary", 10, 5, 16),
    ("B07", "Samphire Primary School", "Samphire", COMMUNICATION, "primary", 12, 9, 20),
    ("B08", "Eelgate Primary School", "Eelgate", EMOTIONAL, "primary", 8, 7, 8),
    ("B09", "Brackwater Primary School", "Brackwater", SENSORY, "primary", 10, 6, 12),
    ("B10", "Cockle Row Primary School", "Cockle Row", COMMUNICATION, "primary", 12, 9, 16),
    ("B11", "Eastsands Pier Primary School", "Eastsands Pier", EMOTIONAL, "primary", 10, 9, 12),
    ("B12", "Larkdown Village School", "Larkdown", COMMUNICATION, "primary", 8, 3, 14),
    ("B13", "Tidemill Primary School", "Tidemill", SENSORY, "primary", 8, 6, 10),
    ("B14", "Beacon Clump Primary School", "Beacon Clump", LEARNING, "primary", 8, 4, 12),
    ("B15", "Saltmere Harbour School", "Saltmere Old Town", COMMUNICATION, "secondary", 16, 14, 16),
    ("B16", "Lantern Head Academy", "Lantern Head", EMOTIONAL, "secondary", 12, 10, 16),
    ("B17", "Gullhaven High School", "Dunlin Fields", COMMUNICATION, "secondary", 14, 11, 24),
    ("B18", "Strand Academy", "Shingle End", LEARNING, "secondary", 12, 8, 20),
    ("B19", "Oyster Lanes School", "Oyster Lanes", LEARNING, "secondary", 10, 5, 12),
    ("B20", "East Bank Academy", "Sandling", COMMUNICATION, "secondary", 16, 13, 24),
    ("B21", "Withy Ends School", "Withy Ends", SENSORY, "secondary", 12, 9, 14),
    ("B22", "Limpet Bay Academy", "Limpet Bay", EMOTIONAL, "secondary", 12, 11, 12),
    ("B23", "Eastsands High School", "Kittiwake", COMMUNICATION, "secondary", 14, 10, 22),
    ("B24", "Northdown School", "Northdown", COMMUNICATION, "secondary", 12, 6, 24),
    ("B25", "Ewelease Community School", "Ewelease", EMOTIONAL, "secondary", 8, 4, 14),
]
BASE_CLOSES = {"B19": 2029}  # the school is to close as its roll falls
BASE_RESERVED = {"B15": 1, "B20": 2}  # assessment places
SATELLITE_HOST = "990117"  # Gullhaven High School, which also houses the satellite of Seawall Academy

SETTINGS = [
    Setting("990201", "Marram House School", "special_school", "Turnstone", physical_places=158),
    Setting("990202", "Seawall Academy", "special_school", "Ropewalk", physical_places=282),
    Setting("990203", "Tern Island School", "special_school", "Capstan", physical_places=148),
    Setting("990204", "The Lantern School", "special_school", "Samphire", physical_places=214),
    Setting("990205", "Curlew Primary Special School", "special_school", "Limpet Bay", physical_places=178),
    Setting("990206", "Breakwater School", "special_school", "Tidemill", physical_places=90),
    Setting(
        "990207",
        "Seawall Academy at Gullhaven High",
        "special_school",
        "Dunlin Fields",
        physical_places=24,
        school="990202",
    ),
    Setting(
        "990301",
        "Saltmarsh Free School",
        "special_free_school",
        "Brackwater",
        opens=2027,
        physical_places=126,
    ),
    Setting("990302", "Landmark Free School", "special_free_school", "Beacon Clump", physical_places=110),
    Setting("990401", "Sluice Gate Centre", "alternative_provision", "Sluice", physical_places=66),
    Setting("990402", "Harbour Light AP Academy", "alternative_provision", "Eelgate", physical_places=44),
    Setting("990403", "Driftwood Outdoor Learning", "alternative_provision", "Kittiwake", physical_places=34),
    Setting("990501", "Skerry Hall School", "independent", "Northdown"),
    Setting("990502", "Foghorn Lane School", "independent", "Gannet Head"),
    Setting("990503", "Independent schools beyond Saltmere", "independent", in_area=False, km=46, minutes=58),
    Setting("990504", "Dune Court School", "non_maintained", in_area=False, km=27, minutes=39),
    Setting("990601", "Bespoke packages (EOTAS)", "eotas", km=0, minutes=0),
    Setting("990701", "Saltmere College", "college", "Pilgrims Rise"),
    Setting("990702", "Eastsands Sixth Form and Skills Centre", "college", "Limpet Bay"),
    Setting(
        "990703",
        "Specialist colleges beyond Saltmere",
        "specialist_post_16",
        in_area=False,
        km=58,
        minutes=70,
    ),
    Setting("990801", "Little Limpets Nursery", "early_years", "Ropewalk", physical_places=30),
    Setting("990151", "Shingle End Primary School", "resource_base", "Shingle End", physical_places=12),
    Setting("990152", "Sandling Junior School", "resource_base", "Sandling", physical_places=12),
    Setting("990153", "Capstan School", "resource_base", "Capstan", physical_places=16),
    Setting("990154", "Saltern Academy", "resource_base", "Saltern", physical_places=20),
]

LINES = [
    Line(
        "SP1",
        "990201",
        "SLD PMLD",
        "ASD MSI PD OTH",
        0.6,
        f"early_years {ANY_SCHOOL}",
        150,
        147,
        imported=6,
        overfill=0.05,
    ),
    Line("SP2", "990202", "ASD SLCN", "MLD OTH", 0.6, ANY_SCHOOL, 250, 244, imported=10, overfill=0.05),
    Line("SP2-G", "990207", "ASD", "SLCN", 0.7, "secondary", 24, 24),
    Line("SP3", "990203", "SEMH", "ASD OTH", 0.5, "primary secondary", 130, 128, imported=4, overfill=0.05),
    Line(
        "SP3-AP",
        "990203",
        "SEMH",
        "ASD SLCN MLD SPLD OTH",
        0.5,
        "secondary",
        12,
        12,
        type="alternative_provision",
    ),
    Line(
        "SP4",
        "990204",
        "MLD SLD ASD SLCN",
        "SPLD OTH PD",
        0.6,
        "secondary post_16",
        200,
        201,
        imported=8,
        overfill=0.05,
    ),
    Line("SP5", "990205", "ASD SLCN MLD SLD", "OTH SPLD", 0.6, "primary", 170, 172, imported=2, overfill=0.05),
    Line("SP6", "990206", "PD MSI HI VI PMLD", "SLD OTH", 0.6, ANY_SCHOOL, 84, 72, imported=12, overfill=0.03),
    Line("FS1", "990301", "ASD SLCN", "SEMH MLD OTH", 0.5, ANY_SCHOOL, 48, 0, overfill=0.03, from_year=2027),
    Line("AP1", "990401", *EMOTIONAL, 0.5, "secondary", 62, 62, imported=1),
    Line("AP2", "990402", "SEMH", "ASD SLCN MLD SPLD OTH", 0.5, "secondary", 42, 40),
    Line("AP3", "990403", "SEMH", "ASD SLCN MLD SPLD OTH", 0.4, "primary secondary", 32, 30),
    Line("IN1", "990501", "ASD SLCN SEMH", "MLD SPLD OTH", 0.6, ANY_SCHOOL, None, 58, pull=0.6),
    Line("IN2", "990502", "SEMH ASD", "SLCN MLD SPLD OTH", 0.5, "primary secondary", None, 46, pull=0.6),
    Line("IN-OUT", "990503", "any", "", 0.5, f"early_years {ANY_SCHOOL}", None, None),
    Line("NM1", "990504", "PD HI VI MSI ASD PMLD", "SLCN SLD OTH", 0.6, ANY_SCHOOL, 60, 60, pull=5.0),
    Line("EOTAS", "990601", "any", "", 0.5, f"{ANY_SCHOOL} post_19", None, None),
    Line("FE1", "990701", "any", "", 0.5, "post_16 post_19", None, None, pull=1.4),
    Line("FE2", "990702", "any", "", 0.5, "post_16 post_19", None, None),
    Line("SPI", "990703", "any", "", 0.5, "post_16 post_19", None, None),
    Line("EY1", "990801", "any", "", 0.5, "early_years", 24, 20, reserved=4),
]
# What is decided already, in words; other lines have been open for long.
EVIDENCE = {"FS1": "funding agreement signed in March 2025; building contract let"}
# Steps after the first row of a line; only places change.
STEPS = [("FS1", 2028, 88), ("FS1", 2029, 120)]


def base_setting(line: str) -> str:
    """B07 is the base at 990107."""
    return f"9901{line[1:]}"


def all_lines() -> list[Line]:
    """Every line of places as it stands when it first opens."""
    bases = [
        Line(
            line,
            base_setting(line),
            *designation,
            0.5,
            phase,
            places,
            filled,
            reserved=BASE_RESERVED.get(line, 0),
            pull=3.0 if designation is EMOTIONAL else 1.0,
        )
        for line, _, _, designation, phase, places, filled, _ in BASES
    ]
    return bases + LINES


def all_settings() -> list[Setting]:
    """Every setting, bases and schemes included, by number."""
    bases = [
        Setting(
            base_setting(line),
            name,
            "resource_base",
            ward,
            closes=BASE_CLOSES.get(line),
            physical_places=physical,
        )
        for line, name, ward, *_, physical in BASES
    ]
    return sorted(bases + SETTINGS, key=lambda s: s.setting)


def settings_table(rng: np.random.Generator, geography: Geography) -> pd.DataFrame:
    """`settings.csv`: each setting with a ward stands near the middle of it."""
    wards = geography.wards.set_index("name")
    spots: dict[str, tuple[float, float]] = {}
    rows = []
    for s in all_settings():
        row = {k: getattr(s, k) for k in ("setting", "name", "type")}
        row |= {"locality": None, "x": None, "y": None}
        if s.ward is not None:
            ward = wards.loc[s.ward]
            middle = np.array([ward["x"], ward["y"]])
            spot = next(
                p for p in np.round(middle + rng.normal(0, 350, (200, 2))) if shapely.contains_xy(ward["geometry"], *p)
            )
            spots[s.setting] = spot if s.school is None else spots[SATELLITE_HOST]
            row |= {"locality": ward["locality"], "x": spots[s.setting][0], "y": spots[s.setting][1]}
        row |= {k: getattr(s, k) for k in ("opens", "closes", "physical_places", "school")}
        rows.append(row | {"in_area": str(s.in_area).lower(), "km": s.km, "minutes": s.minutes})
    return whole(pd.DataFrame(rows), "x", "y", "opens", "closes", "physical_places", "km", "minutes")


def places_table() -> pd.DataFrame:
    """`places.csv`."""
    rows = []
    for line in all_lines():
        row = {
            k: getattr(line, k)
            for k in ("line", "setting", "type", "needs", "phases", "from_year", "places", "imported")
        }
        row |= {
            "reserved": line.reserved,
            "can_meet": line.can_meet,
            "match": line.match if line.can_meet else None,
        }
        status = "committed" if line.from_year > FIRST_YEAR else "open"
        row |= {"overfill": line.overfill, "status": status, "evidence": EVIDENCE.get(line.line)}
        rows.append(row)
        rows += [rows[-1] | {"from_year": year, "places": places} for name, year, places in STEPS if name == line.line]
    return whole(pd.DataFrame(rows), "places")


def whole(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The table with these columns as whole numbers that may be blank."""
    return table.astype(dict.fromkeys(columns, "Int64"))
