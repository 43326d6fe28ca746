"""Get Information about Schools (GIAS): the settings of an authority with their kind, designations, ages and places."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from sufficiency.codes import NEEDS
from sufficiency.problems import InputError, Problem
from sufficiency.sources.published.cache import cached
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import Numbers, plain
from sufficiency.sources.published.text_file import read_text

KIND_OF_TYPE: dict[int, str] = {
    **dict.fromkeys((1, 2, 3, 5, 6, 28, 34, 35, 40, 41), "mainstream"),
    **dict.fromkeys((7, 12, 33, 44), "special_school"),
    36: "special_free_school",
    8: "non_maintained",
    10: "independent",
    **dict.fromkeys((14, 38, 42, 43), "alternative_provision"),
    **dict.fromkeys((18, 31, 39, 45, 46), "college"),
    32: "specialist_post_16",
}
"""Type of establishment (code) as a type of setting; other types are not used."""
ACADEMIES = frozenset({28, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46})
"""Types whose places DfE funds directly and takes out of the grant."""
_NEED_WORDS = {"SPLD": "SPLD", "SLCN": "SLCN", "ASC": "ASD"}
_NEW = ("new provision", "academy free school", "free school")
_BASES = (("resourced", "resourcedprovision", "resourced provision"), ("unit", "senunit", "SEN unit"))
_SEN = tuple(f"sen{number}_name" for number in range(1, 14))
_WANTED = (
    "urn",
    "ukprn",
    "la_code",
    "gsslacode_name",
    "establishmentname",
    "typeofestablishment_code",
    "establishmentstatus_code",
    "establishmentstatus_name",
    "opendate",
    "closedate",
    "reasonestablishmentopened_name",
    "phaseofeducation_name",
    "statutorylowage",
    "statutoryhighage",
    "schoolcapacity",
    "numberofpupils",
    "placespru",
    "section41approved_name",
    "typeofresourcedprovision_name",
    "resourcedprovisiononroll",
    "resourcedprovisioncapacity",
    "senunitonroll",
    "senunitcapacity",
    "districtadministrative_code",
    "easting",
    "northing",
    *_SEN,
)
_NEEDED = ("urn", "la_code", "establishmentname", "typeofestablishment_code")


@dataclass(frozen=True)
class Schools:
    """One row a place where children could be: `urn, name, type, part (blank, resourced provision, SEN unit),
    academy, needs (codes with spaces), low, high (ages), capacity, roll (NaN: not known), x, y, section_41, opens
    (0: already open)`; `rows` of the authority in the file; `districts` they stand in.
    """

    settings: pd.DataFrame
    districts: tuple[str, ...]
    rows: int
    notes: tuple[Problem, ...]


def read_schools(download: Download, la: str, ons_code: str, year: int) -> Schools:
    """The settings of an authority that are open, of a GIAS extract. `year`: September of the count of plans.

    Raises InputError where columns are missing, or the extract is of another authority.
    """
    table = _local(download, la)
    missing = [name for name in _NEEDED if name not in table]
    if missing:
        what = f"columns of Get Information about Schools are missing: {', '.join(missing)}"
        raise InputError([Problem(what, download.called, fix="download “Establishment fields CSV” with all fields")])
    if table.empty:
        what = f"no school of authority {la} is in this file"
        fix = "download all establishments, or those of your authority"
        raise InputError([Problem(what, download.called, column="LA (code)", value=la, fix=fix)])
    status = _text(table, "establishmentstatus_name").str.casefold()
    is_open = status.str.startswith("open") | status.eq("") | status.str.startswith("proposed to open")
    opens = _opens(table, year)
    is_open &= ~(status.str.startswith("proposed to open") & opens.eq(0))
    numbers = Numbers(download.called, [])
    code = numbers(table["typeofestablishment_code"])
    kind = code.map(KIND_OF_TYPE)
    used = table[is_open & kind.notna()].assign(
        kind=kind, code=code.fillna(0).astype(int), opens=opens, needs=_designations(table)
    )
    mainstream = used["kind"] == "mainstream"
    bases = _bases(used[mainstream], numbers)
    settings = _settings([_whole(used[~mainstream], numbers), *(rows[known] for rows, known in bases)])
    notes = [*dict.fromkeys(numbers.notes), *_notes(download.called, settings, int((~is_open & kind.notna()).sum()))]
    districts = _text(table, "districtadministrative_code")
    return Schools(settings, tuple(sorted(set(districts) - {""})), len(table), tuple(notes))


def read_schools_by_code(download: Download, codes: frozenset[str], la: str, notes: list[Problem]) -> pd.DataFrame:
    """The establishments with these URNs or UKPRNs, of any authority, open or not, with the columns of
    `Schools.settings`, `ukprn` and `in_area` (of the authority `la`). A mainstream school has a row for resourced
    provision and one for a SEN unit, whether or not they are known there; other kinds have a blank type.
    """

    def read() -> pd.DataFrame:
        table = read_text(download.path, download.called, _WANTED)
        asked = table["urn"].str.strip().isin(codes)
        return table[asked | table["ukprn"].str.strip().isin(codes)] if "ukprn" in table else table[asked]

    table = cached(download.sha256, "schools-by-code", ",".join([la, *sorted(codes)]), read)
    numbers = Numbers(download.called, notes)
    code = numbers(table["typeofestablishment_code"])
    used = table.assign(
        kind=code.map(KIND_OF_TYPE).fillna(""), code=code.fillna(0).astype(int), opens=0, needs=_designations(table)
    )
    mainstream = used["kind"] == "mainstream"
    whole = _whole(used[~mainstream], numbers)
    found = _settings([whole, *(rows for rows, _ in _bases(used[mainstream], numbers))])
    of_urn = table.assign(urn=table["urn"].str.strip()).drop_duplicates("urn").set_index("urn")
    found["ukprn"] = found["urn"].map(_text(of_urn, "ukprn"))
    found["in_area"] = found["urn"].map(of_urn["la_code"].str.strip()).eq(la)
    return found


def _settings(parts: list[pd.DataFrame]) -> pd.DataFrame:
    rows = pd.concat(parts, ignore_index=True).drop_duplicates(["urn", "part"])
    return rows.sort_values(["type", "urn", "part"], ignore_index=True)


def _local(download: Download, la: str) -> pd.DataFrame:
    """The rows of the authority as text; of the whole of England they are kept in the cache."""

    def read() -> pd.DataFrame:
        table = read_text(download.path, download.called, _WANTED)
        own = table["la_code"].str.strip() == la if "la_code" in table else pd.Series(False, index=table.index)
        return table[own]

    return cached(download.sha256, "schools", la, read)


def _text(table: pd.DataFrame, column: str) -> pd.Series[str]:
    if column not in table:
        return pd.Series("", index=table.index, dtype="str")
    return table[column].str.strip()


def _count(table: pd.DataFrame, column: str, numbers: Numbers) -> pd.Series[float]:
    counts = numbers(_text(table, column))
    return counts.where(counts > 0)


def _opens(table: pd.DataFrame, year: int) -> pd.Series[int]:
    """First academic year of new provision that opened after the count of plans; 0 for schools that were there."""
    date = pd.to_datetime(_text(table, "opendate"), format="%d-%m-%Y", errors="coerce")
    reason = _text(table, "reasonestablishmentopened_name").str.casefold()
    new = reason.isin(_NEW) | _text(table, "establishmentstatus_name").str.casefold().str.startswith("proposed")
    september = date.dt.year - (date.dt.month < 8)
    return september.where(new & (september > year), 0).fillna(0).astype(int)


def _designations(table: pd.DataFrame) -> pd.Series[str]:
    """Needs of SEN1 to SEN13 as codes; any of them may be "Not Applicable" while others are filled in."""
    by_school: list[list[str]] = [[] for _ in range(len(table))]
    for column in _SEN:
        for place, text in enumerate(_text(table, column)):
            code = re.split(r"\s*[-–]\s*", text, maxsplit=1)[0].strip().upper()
            code = _NEED_WORDS.get(code, code)
            if code in NEEDS and code not in by_school[place]:
                by_school[place].append(code)
    return pd.Series([" ".join(codes) for codes in by_school], index=table.index, dtype="str")


def _common(rows: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
    out = pd.DataFrame(index=rows.index)
    out["urn"] = rows["urn"].str.strip()
    out["name"] = _text(rows, "establishmentname")
    out["academy"] = rows["code"].isin(ACADEMIES)
    out["needs"] = rows["needs"]
    out["low"], out["high"] = _ages(rows, numbers)
    out["x"], out["y"] = _count(rows, "easting", numbers), _count(rows, "northing", numbers)
    out["section_41"] = _text(rows, "section41approved_name").str.casefold().eq("approved")
    out["opens"] = rows["opens"]
    return out


def _ages(rows: pd.DataFrame, numbers: Numbers) -> tuple[pd.Series[float], pd.Series[float]]:
    phase = _text(rows, "phaseofeducation_name").str.casefold()
    low, high = numbers(_text(rows, "statutorylowage")), numbers(_text(rows, "statutoryhighage"))
    usual = {"primary": (4.0, 11.0), "middle deemed primary": (8.0, 12.0), "secondary": (11.0, 16.0)}
    usual |= {"middle deemed secondary": (9.0, 13.0), "16 plus": (16.0, 19.0), "nursery": (2.0, 5.0)}
    for name, (first, last) in usual.items():
        low, high = low.mask(low.isna() & (phase == name), first), high.mask(high.isna() & (phase == name), last)
    return low, high


def _whole(rows: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
    """Special schools, alternative provision, colleges: the whole setting is one."""
    out = _common(rows, numbers).assign(type=rows["kind"], part="")
    units = _count(rows, "placespru", numbers).where(rows["kind"] == "alternative_provision")
    out["capacity"] = units.fillna(_count(rows, "schoolcapacity", numbers))
    out["roll"] = _count(rows, "numberofpupils", numbers)
    return out


def _bases(rows: pd.DataFrame, numbers: Numbers) -> list[tuple[pd.DataFrame, pd.Series[bool]]]:
    """Resourced provision and SEN units of mainstream schools, each on its own, and which of the schools have one."""
    kinds = _text(rows, "typeofresourcedprovision_name").str.casefold()
    bases = []
    for word, column, part in _BASES:
        capacity = _count(rows, f"{column}capacity", numbers)
        roll = _count(rows, f"{column}onroll", numbers)
        has = kinds.str.contains(word) | capacity.notna() | roll.notna()
        out = _common(rows, numbers).assign(type="resource_base", part=part, capacity=capacity, roll=roll)
        bases.append((out, has))
    return bases


def _notes(called: str, settings: pd.DataFrame, closed: int) -> list[Problem]:
    capacity, roll = settings["capacity"], settings["roll"]
    state = ~settings["type"].isin(["college", "specialist_post_16", "independent"])
    counts = {
        "without a capacity: their roll counts instead": state & capacity.isna() & roll.notna(),
        "with neither capacity nor roll: room for the children placed": state & capacity.isna() & roll.isna(),
        "with more pupils than capacity: the roll counts, the capacity may be old": state & (roll > capacity),
        "without a designation: any need": state & settings["needs"].eq(""),
        "without easting and northing: an average journey": settings["x"].isna() | settings["y"].isna(),
    }
    notes = []
    for what, rows in counts.items():
        if rows.any():
            named = "; ".join(settings["name"][rows].head(3)) + ("; …" if rows.sum() > 3 else "")
            notes.append(Problem(f"{int(rows.sum())} settings {what} ({named})", called, severity="warning"))
    if closed:
        what = f"{closed} closed or not yet certain establishments are left out"
        notes.append(Problem(what, called, severity="warning"))
    return notes


assert plain("GSSLACode (name)") in _WANTED
