"""All that the downloads say of one authority, read once and checked against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.sources.published import money, people, small_areas
from sufficiency.sources.published.districts import districts_of
from sufficiency.sources.published.folder import Download, Downloads, find_downloads
from sufficiency.sources.published.kinds import KINDS
from sufficiency.sources.published.plans import (
    Authority,
    NewPlans,
    Plans,
    read_new_needs,
    read_new_plans,
    read_plans,
    read_requests,
)
from sufficiency.sources.published.schools import Schools, read_schools, read_schools_by_code
from sufficiency.sources.sen2_return.own_counts import count_year, read_counts
from sufficiency.starter.open_data.own import OwnCounts, fewer_than_published, own_counts, with_own_counts

Read = TypeVar("Read")


@dataclass(frozen=True)
class Gathered:
    """`areas`: `area, name, locality, imd_decile, geometry`; `people` [area, age] of `people_year`; None or empty
    where a file is missing. `rows` read by kind of file; `notes` what could not be used.
    """

    downloads: Downloads
    plans: Plans
    areas: gpd.GeoDataFrame
    localities_are: str
    schools: Schools | None
    people: pd.DataFrame | None
    people_year: int
    projection: pd.DataFrame | None
    new_plans: NewPlans | None
    new_needs: pd.DataFrame | None
    requests: pd.DataFrame | None
    place_numbers: pd.DataFrame | None
    spending: pd.DataFrame | None
    own: OwnCounts | None
    rows: dict[str, int]
    notes: tuple[Problem, ...]


def gather(folder: Path, la: str, but: Path | None = None, progress: Progress = silent) -> Gathered:
    """Read the downloads in `folder` about the authority with this DfE or ONS code, but not what is in `but`.

    Raises InputError that lists the problems of every file.
    """
    downloads = find_downloads(folder, but, progress)
    files = downloads.found
    progress("Read", files["caseload"].called)
    counted = read_plans(files["caseload"], files["needs"], la)
    reader = _Reader(files, counted.authority, progress)
    lsoas = reader.small_areas()
    place = counted.authority
    population = reader.read("population", lambda one: people.read_population(one, list(lsoas["area"]), reader.notes))
    deprivation = reader.read(
        "deprivation", lambda one: small_areas.read_deprivation(one, list(lsoas["area"]), reader.notes)
    )
    given = reader.read("localities", small_areas.read_localities)
    new_plans = reader.read("new_plans", lambda one: read_new_plans(one, la, reader.notes))
    new_needs = reader.read("new_needs", lambda one: read_new_needs(one, la, reader.notes))
    requests = reader.read("requests", lambda one: read_requests(one, la, reader.notes))
    projection = reader.read("projection", lambda one: people.read_projection(one, reader.districts, reader.notes))
    own, plans = reader.own_counts(counted, frozenset(lsoas["area"]))
    settings = reader.read("schools", lambda one: read_schools(one, place.code, place.ons_code, plans.year))
    place_numbers = reader.read("place_numbers", lambda one: money.read_place_numbers(one, reader.notes))
    spending = reader.read("spending", lambda one: money.read_spending(one, place.code, reader.notes))
    if reader.problems:
        raise InputError([*reader.problems, *downloads.notes])
    located, localities_are = _with_localities(lsoas, given, reader.notes)
    located["imd_decile"] = deprivation.to_numpy() if deprivation is not None else float("nan")
    frames = {
        "population": population,
        "deprivation": deprivation,
        "localities": given,
        "new_plans": None if new_plans is None else new_plans.by_age,
        "new_needs": new_needs,
        "requests": requests,
        "projection": projection,
        "place_numbers": place_numbers,
        "spending": spending,
        "counts": None if own is None else own.children,
    }
    rows = {**counted.rows, "boundaries": len(lsoas), "lookup": len(lsoas)}
    rows |= {code: len(frame) for code, frame in frames.items() if frame is not None}
    rows |= {"schools": settings.rows} if settings else {}
    notes = [*downloads.notes, *counted.notes, *(settings.notes if settings else ()), *reader.notes]
    return Gathered(
        downloads,
        plans,
        gpd.GeoDataFrame(located[["area", "name", "locality", "imd_decile", "geometry"]], crs=lsoas.crs),
        localities_are,
        settings,
        population,
        people.population_year(files["population"]) if population is not None else plans.year,
        projection,
        new_plans,
        new_needs,
        requests,
        place_numbers,
        spending,
        own,
        rows,
        tuple(notes),
    )


class _Reader:
    """Reads file after file and keeps the problems of each, so that all are listed together."""

    def __init__(self, found: dict[str, Download], authority: Authority, progress: Progress) -> None:
        self.found = found
        self.authority = authority
        self.progress = progress
        self.districts = districts_of(authority.ons_code, authority.name)
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []

    def read(self, kind: str, reads: Callable[[Download], Read]) -> Read | None:
        """What `reads` gives for the file of this kind; None where there is none or it cannot be used."""
        if kind not in self.found:
            return None
        self.progress("Read", self.found[kind].called)
        try:
            return reads(self.found[kind])
        except InputError as error:
            self.problems += error.problems
            return None

    def small_areas(self) -> gpd.GeoDataFrame:
        """`area, name, district, ward, geometry` of the authority, by the best file that says where they are.

        Raises InputError where there are none.
        """
        rows = self._by_file()
        if rows is None or rows.empty:
            rows = self._by_name()
        if rows.empty:
            named = ", ".join(self.districts.values())
            what = f"no small area of {self.authority.name} ({named}) is in these files"
            where = self.found.get("lookup", self.found["boundaries"]).called
            raise InputError([*self.problems, Problem(what, where, fix="download the files for the whole of England")])
        rows = rows.sort_index()
        shapes = small_areas.read_boundaries(self.found["boundaries"], list(rows.index))
        for name in ("district_name", "ward"):
            shapes[name] = rows[name].to_numpy()
        return shapes

    def own_counts(self, plans: Plans, areas: frozenset[str]) -> tuple[OwnCounts | None, Plans]:
        """The council's own counts and the plans with them as the last year, where the folder has such counts."""
        counts = self.read("counts", read_counts)
        if counts is None:
            return None, plans
        download = self.found["counts"]
        try:
            if "schools" not in self.found:
                what = "own counts name schools by URN, and no file says which these are"
                raise InputError([Problem(what, download.called, fix=f"add “{KINDS['schools'].title}” to the folder")])
            codes = frozenset({*counts["urn"], *counts["ukprn"]} - {""})
            schools = read_schools_by_code(self.found["schools"], codes, self.authority.code, self.notes)
            own = own_counts(counts, download, schools, areas)
            self.notes += [*own.notes, *fewer_than_published(plans, own)]
            year = count_year(counts, plans.year, download.called)
            return own, with_own_counts(plans, own, year, download.called)
        except InputError as error:
            self.problems += error.problems
            return None, plans

    def _by_file(self) -> pd.DataFrame | None:
        for kind in ("lookup", "deprivation"):
            if kind in self.found:
                read = self.read(
                    kind, lambda one: small_areas.read_lookup(one, self.districts, self.authority.ons_code)
                )
                if read is not None and len(read.rows):
                    return pd.DataFrame(read.rows)
                if read is not None and kind == "lookup":
                    what = f"no small area of {self.authority.name}: another file is used in its place"
                    fix = "download the lookup for the whole of England"
                    self.notes.append(Problem(what, self.found[kind].called, fix=fix, severity="warning"))
        return None

    def _by_name(self) -> pd.DataFrame:
        """A small area is called after its district: `Breckland 001A`."""
        names = small_areas.read_names(self.found["boundaries"])
        district = names.str.replace(r"\s+\w+$", "", regex=True)
        mine = district[district.isin(set(self.districts.values()))]
        return pd.DataFrame({"district_name": mine, "ward": ""}, index=mine.index)


def _with_localities(
    areas: gpd.GeoDataFrame, given: pd.Series[str] | None, notes: list[Problem]
) -> tuple[gpd.GeoDataFrame, str]:
    """The areas with their locality, and what localities are: a list of one's own, districts or wards."""
    districts = areas["district_name"].nunique()
    wards = areas["ward"].replace("", pd.NA).dropna().nunique()
    if given is not None:
        own = areas["area"].map(given)
        if own.notna().any():
            if own.isna().any():
                what = f"{int(own.isna().sum())} of {len(own)} small areas are in no locality of your list"
                notes.append(Problem(what, fix="add them; they are in “Other”", severity="warning"))
            return areas.assign(locality=own.fillna("Other")), "your own list"
    if districts > 1:
        return areas.assign(locality=areas["district_name"]), "districts"
    if wards > 1:
        return areas.assign(locality=areas["ward"].replace("", "Other")), "wards"
    return areas.assign(locality=areas["district_name"].replace("", "All")), "the whole authority"
