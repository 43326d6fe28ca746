"""ONS population: small areas by single year of age, and projections of districts."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from itertools import islice
from xml.etree import ElementTree as ET

import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.sources.published import big_sheet
from sufficiency.sources.published.cache import cached
from sufficiency.sources.published.districts import current_code
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import Numbers, plain
from sufficiency.sources.published.recognise import LSOA_CODE
from sufficiency.sources.published.small_areas import column_like
from sufficiency.sources.published.text_file import read_text

OLDEST = 25
_HEADINGS_LOOKED_AT = 12


def population_year(download: Download) -> int:
    """The year of the sheet, as in `Mid-2024 LSOA 2021`; of a file without one, the last year in its name."""
    years = [int(year) for year in re.findall(r"20\d\d", download.part)]
    if years:
        return years[0]
    named = [int(year) for year in re.findall(r"20\d\d", download.path.name)]
    return max(named, default=2024)


def read_population(download: Download, areas: list[str], notes: list[Problem]) -> pd.DataFrame:
    """[area, age] people of 0 to 25 in these small areas. Raises InputError where the file is damaged or lacks them."""

    def read() -> pd.DataFrame:
        is_text = not download.part
        table = read_text(download.path, download.called) if is_text else _sheet(download, frozenset(areas))
        code = column_like(list(table.columns), LSOA_CODE.pattern)
        missing = [f"{sex}{age}" for sex in "FM" for age in range(OLDEST + 1) if f"{sex}{age}".lower() not in table]
        if code is None or missing:
            what = f"columns of single years of age are missing: {', '.join(missing[:4]) or 'the LSOA code'}"
            raise InputError([Problem(what, download.called, fix="download the file with single years of age")])
        frame = table[[f"{sex}{age}" for sex in "fm" for age in range(OLDEST + 1)]].assign(area=table[code].str.strip())
        return frame[frame["area"].isin(areas)].drop_duplicates("area")

    table = cached(download.sha256, "population", download.part + ",".join(areas), read)
    numbers = Numbers(download.called, notes)
    people = pd.DataFrame(
        {
            age: numbers(table[f"f{age}"]).fillna(0.0) + numbers(table[f"m{age}"]).fillna(0.0)
            for age in range(OLDEST + 1)
        }
    ).set_axis(table["area"])
    lost = sorted(set(areas) - set(people.index))
    if lost:
        what = f"{len(lost)} of {len(areas)} small areas are not in this file, {lost[0]} the first"
        raise InputError([Problem(what, download.called, fix="download the file of England and Wales again")])
    return people.loc[areas]


def _sheet(download: Download, codes: frozenset[str]) -> pd.DataFrame:
    try:
        return _rows_of_sheet(download, codes)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, IndexError, EOFError):
        what = "this workbook is damaged, or the download was cut short"
        raise InputError([Problem(what, download.called, fix="download it again")]) from None


def _rows_of_sheet(download: Download, codes: frozenset[str]) -> pd.DataFrame:
    with big_sheet.open_workbook(download.path, download.called) as book:
        file = big_sheet.sheet_files(book, download.called)[download.part]
        strings = big_sheet.shared_strings(book)
        first = islice(big_sheet.rows_of(book, file), _HEADINGS_LOOKED_AT)
        heads = (big_sheet.cells_of(row, strings) for row in first)
        head = next((row for row in heads if {"f0", "m0"} <= {plain(text) for text in row.values()}), {})
        names = {letters: plain(text) for letters, text in head.items()}
        wanted = big_sheet.rows_with(book, file, strings, codes)
        rows = [{names[letters]: text for letters, text in row.items() if letters in names} for row in wanted]
    return pd.DataFrame(rows, columns=list(names.values())).fillna("")


def read_projection(download: Download, districts: Iterable[str], notes: list[Problem]) -> pd.DataFrame:
    """`year, age, people` of the districts together, ages 0 to 25.

    The shape is that of ONS's subnational projections (AREA_CODE, SEX, AGE_GROUP, a column a year); a release of them
    was not at hand, so this reader is tested on made files only.
    """
    table = read_text(download.path, download.called)
    wanted = {current_code(code) for code in districts}
    mine = table[table["area_code"].str.strip().map(current_code).isin(wanted)]
    if "sex" in mine:
        sex = mine["sex"].str.strip().str.casefold()
        both = sex.isin(["persons", "3", "all"])
        mine = mine[both] if both.any() else mine
    age = pd.to_numeric(mine["age_group"].str.strip(), errors="coerce")
    mine = mine[age.between(0, OLDEST)].assign(age=age)
    years = [name for name in mine.columns if re.fullmatch(r"(year_)?20\d\d", name)]
    if mine.empty or not years:
        what = "no rows by single age of this authority's districts"
        raise InputError([Problem(what, download.called, fix="download the projections by single year of age")])
    counts = mine[["age", *years]].copy()
    numbers = Numbers(download.called, notes)
    for name in years:
        counts[name] = numbers(counts[name]).fillna(0.0)
    tall = counts.melt("age", var_name="year", value_name="people")
    tall["year"] = tall["year"].str[-4:].astype(int)
    return tall.astype({"age": int}).groupby(["year", "age"])["people"].sum().reset_index()
