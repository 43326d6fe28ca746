"""A return to counts of children by need, year group, home area, placement and year of entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sufficiency.codes import FIRST_NCY, LAST_NCY, NEEDS, UNKNOWN_AREA, UNKNOWN_NEED
from sufficiency.problems import InputError, Problem, raise_errors
from sufficiency.sources.sen2_return.dates import dates, year_group
from sufficiency.sources.sen2_return.modules import SEN_SETTINGS
from sufficiency.sources.sen2_return.postcodes import ONS_CODE, compact

if TYPE_CHECKING:
    from sufficiency.sources.sen2_return.extract import Extract

COUNT_COLUMNS = (
    "need",
    "year_group",
    "area",
    "urn",
    "ukprn",
    "sen_setting",
    "sen_unit",
    "resourced_provision",
    "entry_year",
    "children",
)
_MOST_ROWS = 8
FIRST_ENTRY = 1990
"""No young person with a plan, who is under 26, entered a placement before it."""
_YES, _NO = {"1", "true", "yes", "y", "t"}, {"", "0", "false", "no", "n", "f"}


@dataclass(frozen=True)
class Counted:
    """`counts`: a row for each combination, with whole children; `notes`: what was assumed, with how many children;
    `count_day`: the day of the count, where the return or the caller gives one.
    """

    counts: pd.DataFrame
    notes: tuple[Problem, ...]
    count_day: pd.Timestamp | None


def count_children(extract: Extract, homes: pd.Series[str] | None, count_day: pd.Timestamp | None) -> Counted:
    """Count the children with an active plan on a day: `count_day`, or else the return's reference date.

    Each child counts once, with the need and the placement of the lowest rank; of placements only those open on that
    day. `homes` gives area codes by postcode. Raises InputError, without a cell of the return, for codes and dates that
    cannot be read and where the day is needed and not known.
    """
    day = count_day or _reference_day(extract)
    notes: list[Problem] = []
    children = _of_one_table(extract, day) if extract.table is not None else _of_modules(extract, day, notes)
    faults: list[Problem] = []
    file = _file_of(extract, "plan")
    if children.empty:
        raise InputError([Problem("there are no children in this file", file, fix="export the return again")])
    rows = pd.DataFrame(
        {
            "need": _needs(children, extract, faults, notes),
            "year_group": _year_groups(children, extract, day, faults),
            "area": _areas(children, homes, file, faults, notes),
            **_placements(children, extract, faults, notes),
        }
    )
    raise_errors(faults)
    counts = rows.groupby(list(COUNT_COLUMNS[:-1]), sort=True, dropna=False).size().rename("children").reset_index()
    return Counted(counts, tuple(notes), day)


def _reference_day(extract: Extract) -> pd.Timestamp | None:
    given = extract.modules.get("return")
    if given is None or given.empty:
        return None
    day = dates(given["referencedate"]).iloc[0]
    return None if pd.isna(day) else day


def _of_one_table(extract: Extract, day: pd.Timestamp | None) -> pd.DataFrame:
    assert extract.table is not None
    table, file = extract.table, extract.files["table"]
    rows = {f"{module}_row": table.index for module in ("need", "person", "placement", "plan")}
    children = table.assign(**rows)
    if day is None:
        if (table["leavingdate"] != "").any():
            what = "whether a child has left follows from the day of the count"
            raise InputError([Problem(what, file, fix="give it with --date")])
        return children
    placed = ["urn", "ukprn", "sensetting", "entrydate", "senunitindicator", "resourcedprovisionindicator"]
    children.loc[~_is_open(children, day, file), placed] = ""
    return children


def _of_modules(extract: Extract, day: pd.Timestamp | None, notes: list[Problem]) -> pd.DataFrame:
    """One row for each child, under the columns of a single table; the index is the row of its plan."""
    modules = extract.modules
    if day is None:
        raise InputError([Problem("the return gives no reference date", fix="give the day of the count with --date")])
    plans = _numbered(modules, "plan")
    for module, key in (("request", "requeststableid"), ("person", "persontableid")):
        plans = plans.merge(_numbered(modules, module).drop_duplicates(key), on=key, how="left", validate="m:1")
    alone = plans["personbirthdate"].isna()
    if alone.any():
        what = "the plan belongs to no person of the return"
        raise InputError(_faults(what, extract.files["plan"], plans.loc[alone, "plan_row"], "export all files again"))
    placements = _open_on(_numbered(modules, "placement"), day, extract.files["placement"])
    needs = _lowest(_numbered(modules, "need"), "sentyperank")
    plans = plans.merge(needs, on="activeplanstableid", how="left", validate="m:1")
    plans = plans.merge(placements, on="activeplanstableid", how="left", validate="m:1")
    plans = plans.fillna({column: "" for column in plans if not str(column).endswith("_row")})
    plans["placed"] = (plans["urn"] + plans["ukprn"] + plans["sensetting"]) != ""
    plans = plans.sort_values("placed", ascending=False, kind="stable")
    again = plans.duplicated("persontableid")
    if again.any():
        what = f"{int(again.sum())} plans are a second one of the same child; each child is counted once"
        notes.append(Problem(what, extract.files["plan"], severity="warning"))
    return plans[~again].sort_values("plan_row").reset_index(drop=True)


def _numbered(modules: dict[str, pd.DataFrame], module: str) -> pd.DataFrame:
    """The records of a module, with their rows in the file as a column."""
    return modules[module].reset_index(names=f"{module}_row")


def _open_on(placements: pd.DataFrame, day: pd.Timestamp, file: str) -> pd.DataFrame:
    there = _is_open(placements, day, file)
    return _lowest(placements[there], "placementrank", dates(placements["entrydate"])[there])


def _is_open(placements: pd.DataFrame, day: pd.Timestamp, file: str) -> pd.Series[bool]:
    entered, left = dates(placements["entrydate"]), dates(placements["leavingdate"])
    unread = (entered.isna() & (placements["entrydate"] != "")) | (left.isna() & (placements["leavingdate"] != ""))
    if unread.any():
        fix = "write dates as 2024-09-02 or 02/09/2024"
        raise InputError(
            _faults("a date of the placement cannot be read", file, placements.loc[unread, "placement_row"], fix)
        )
    return ~(entered > day) & ~(left < day)


def _lowest(records: pd.DataFrame, rank: str, entered: pd.Series[pd.Timestamp] | None = None) -> pd.DataFrame:
    """The record of the lowest rank of each plan; of several the one entered last."""
    order = pd.DataFrame({"rank": pd.to_numeric(records[rank], errors="coerce").fillna(99)}, index=records.index)
    order["late"] = 0.0 if entered is None else -entered.astype("int64").where(entered.notna(), 0)
    ordered = records.loc[order.sort_values(["rank", "late"], kind="stable").index]
    return ordered.drop_duplicates("activeplanstableid")


def _needs(children: pd.DataFrame, extract: Extract, faults: list[Problem], notes: list[Problem]) -> pd.Series[str]:
    file = _file_of(extract, "need")
    codes = children["sentype"].str.upper()
    strange = ~codes.isin([*NEEDS, ""])
    fix = f"use one of: {', '.join(code for code in NEEDS if code != UNKNOWN_NEED)}"
    faults += _faults("the need is none of SEN2's codes", file, children.loc[strange, "need_row"], fix)
    blank = int((codes == "").sum())
    if blank:
        notes.append(
            Problem(f"{blank} children have no need recorded: counted as {UNKNOWN_NEED}", file, severity="warning")
        )
    return codes.where(codes != "", UNKNOWN_NEED)


def _year_groups(
    children: pd.DataFrame, extract: Extract, day: pd.Timestamp | None, faults: list[Problem]
) -> pd.Series[int]:
    file = _file_of(extract, "person")
    given = pd.to_numeric(children.get("ncy", pd.Series("", children.index)), errors="coerce")
    birth = dates(children["personbirthdate"])
    if day is None and given.isna().any():
        raise InputError([Problem("the year group follows from the day of the count", file, fix="give it with --date")])
    groups = given if day is None else given.fillna(year_group(birth, day))
    strange = ~groups.between(FIRST_NCY, LAST_NCY) | (groups % 1 != 0)
    what = f"the year group or date of birth is missing, cannot be read, or is outside years {FIRST_NCY} to {LAST_NCY}"
    fix = "give NCY as a number (Reception is 0), or the date of birth as 2014-05-31 or 31/05/2014"
    faults += _faults(what, file, children.loc[strange, "person_row"], fix)
    return groups.where(~strange, 0).round().astype(int)


def _areas(
    children: pd.DataFrame,
    homes: pd.Series[str] | None,
    file: str,
    faults: list[Problem],
    notes: list[Problem],
) -> pd.Series[str]:
    given = children.get("area", pd.Series("", children.index)).str.upper()
    strange = (given != "") & ~given.str.fullmatch(ONS_CODE)
    faults += _faults(
        "the area is no code of ONS", file, children.loc[strange, "plan_row"], "give codes such as E01000001"
    )
    if homes is not None:
        area = pd.Series(compact(children["postcode"]), children.index).map(homes).fillna("")
        given = given.where(given != "", area)
    unknown = int((given == "").sum())
    if unknown:
        why = "in no row of the lookup" if homes is not None else "not known without a lookup of postcodes"
        fix = "" if homes is not None else "give the lookup with --postcodes"
        what = f"{unknown} homes are {why}: counted under the area “{UNKNOWN_AREA}”"
        notes.append(Problem(what, fix=fix, severity="warning"))
    return given.where(given != "", UNKNOWN_AREA)


def _placements(
    children: pd.DataFrame, extract: Extract, faults: list[Problem], notes: list[Problem]
) -> dict[str, Any]:
    file = _file_of(extract, "placement")
    urn = children["urn"].str.removesuffix(".0")
    ukprn = children["ukprn"].str.removesuffix(".0")
    setting = children["sensetting"].str.upper()
    for cells, wanted, fix in (
        (urn, r"([0-9]{6})?", "a URN has six digits"),
        (ukprn, r"([0-9]{8})?", "a UKPRN has eight digits"),
        (setting, "|".join([*SEN_SETTINGS, ""]), f"use one of: {', '.join(SEN_SETTINGS)}"),
    ):
        faults += _faults(
            "the placement cannot be read", file, children.loc[~cells.str.fullmatch(wanted), "placement_row"], fix
        )
    entered = dates(children["entrydate"])
    unread = (entered.isna() | (entered.dt.year < FIRST_ENTRY)) & (children["entrydate"] != "")
    faults += _faults(
        f"the date of entry cannot be read, or is before {FIRST_ENTRY}",
        file,
        children.loc[unread, "placement_row"],
        "write it as 2024-09-02 or 02/09/2024",
    )
    nowhere = int(((urn == "") & (ukprn == "") & (setting == "")).sum())
    if nowhere:
        what = f"{nowhere} children have no placement that is open on the day of the count"
        notes.append(Problem(what, file, severity="warning"))
    return {
        "urn": urn,
        "ukprn": ukprn.where(urn == "", ""),
        "sen_setting": setting.where((urn == "") & (ukprn == ""), ""),
        "sen_unit": _flag(children, "senunitindicator", file, faults),
        "resourced_provision": _flag(children, "resourcedprovisionindicator", file, faults),
        "entry_year": (entered.dt.year - (entered.dt.month < 9)).astype("Int64"),
    }


def _flag(children: pd.DataFrame, column: str, file: str, faults: list[Problem]) -> pd.Series[str]:
    cells = children[column].str.casefold()
    strange = ~cells.isin(_YES | _NO)
    faults += _faults(
        "the flag is neither yes nor no", file, children.loc[strange, "placement_row"], "write 1 or 0", column
    )
    return cells.isin(_YES).map({True: "yes", False: "no"})


def _file_of(extract: Extract, module: str) -> str:
    return extract.files["table" if extract.table is not None else module]


def _faults(what: str, file: str, rows: object, fix: str, column: str = "") -> list[Problem]:
    """A problem for each of the first rows, and one for the rest; none shows what stands in the cell."""
    numbers = [int(row) for row in rows]  # type: ignore[attr-defined]
    shown = [Problem(what, file, row, column, fix=fix) for row in numbers[:_MOST_ROWS]]
    rest = numbers[_MOST_ROWS:]
    return [*shown, Problem(what, file, rest[0], column, fix=fix, count=len(rest))] if rest else shown
