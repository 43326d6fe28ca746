"""DfE's "Education, health and care plans", releases of 2025 and 2026: one authority's plans by type of placement, age
and need.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sufficiency.codes import NEEDS, UNKNOWN_NEED
from sufficiency.problems import InputError, Problem, nearest, shown
from sufficiency.sources.published.folder import Download
from sufficiency.sources.published.marks import Numbers, ages, plain
from sufficiency.sources.published.placements import COLUMNS, OPTIONAL, SUMS, WHOLE, group_of
from sufficiency.sources.published.text_file import read_text

NEED_CODES = tuple(NEEDS)
_SAME_RELEASE = "download all files from one release"


@dataclass(frozen=True)
class Authority:
    """A local authority: its DfE code, its ONS code and its name."""

    code: str
    ons_code: str
    name: str


@dataclass(frozen=True)
class Plans:
    """One authority's plans in January of `year` + 1 (`year`: September of that academic year).

    `by_type` children by group of placement; `by_age` [age, group] and `total_by_age` [age]; `need_by_type` [need,
    group] and `need_by_age` [need, age] over all plans; `history` `year, age, plans` where ages are published, `totals`
    all plans by year; `rows` read of each file; `notes` what could not be used.
    """

    authority: Authority
    year: int
    by_type: pd.Series[float]
    by_age: pd.DataFrame
    total_by_age: pd.Series[float]
    need_by_type: pd.DataFrame
    need_by_age: pd.DataFrame
    history: pd.DataFrame
    totals: pd.Series[float]
    rows: dict[str, int]
    notes: tuple[Problem, ...]


def read_plans(caseload: Download, needs: Download, la: str) -> Plans:
    """The plans of the authority with this DfE or ONS code. Raises InputError with every problem of both files."""
    table, mine, authority = _rows_of(caseload, la)
    notes: list[Problem] = []
    _refuse_missing(table, caseload.called)
    latest = str(mine["time_period"].max())
    now = mine[mine["time_period"] == latest]
    everyone = now[_topic(now, "all")]
    numbers = Numbers(caseload.called, notes)
    by_age_rows = _with_ages(now)
    if everyone.empty or by_age_rows.empty:
        what = f"no rows of {_named(authority)} for {latest} {'in all' if everyone.empty else 'by age'}"
        raise InputError([Problem(what, caseload.called, fix=_SAME_RELEASE)])
    by_type = _grouped(everyone, numbers).iloc[0]
    by_age = _grouped(by_age_rows, numbers).set_axis(by_age_rows["age"]).groupby(level=0).sum()
    total_by_age = numbers(by_age_rows["ehcplans"]).fillna(0.0).groupby(by_age_rows["age"]).sum()
    by_need, need_by_age, count = _needs(needs, la, latest, notes)
    history = _history(mine, numbers)
    totals = mine[_topic(mine, "all")]
    return Plans(
        authority,
        int(latest[:4]),
        by_type,
        by_age,
        total_by_age,
        by_need,
        need_by_age,
        history,
        numbers(totals["ehcplans"]).set_axis(totals["time_period"].str[:4].astype(int)),
        {"caseload": len(mine), "needs": count},
        tuple(notes),
    )


@dataclass(frozen=True)
class NewPlans:
    """Plans begun in the year before each January count: `by_age` `year, age, plans` by the age a year on, for the
    years that have ages; `totals` by year.
    """

    by_age: pd.DataFrame
    totals: pd.Series[float]


def read_new_plans(new_plans: Download, la: str, notes: list[Problem]) -> NewPlans:
    """Plans begun, of the authority with this DfE or ONS code.

    DfE publishes calendar years, and the age before the count: the plans of 2024 are those before January 2025, which
    is the year 2024, and a child of 7 then is 8 at the count.
    """
    _, mine, _ = _rows_of(new_plans, la)
    numbers = Numbers(new_plans.called, notes)
    rows = _with_ages(mine, "age when plan started")
    by_age = pd.DataFrame(
        {
            "year": rows["time_period"].str[:4].astype(int),
            "age": rows["age"] + 1,
            "plans": numbers(rows["new_ehc_plans"]).fillna(0.0),
        }
    )
    whole = mine[_topic(mine, "new ehc plans")]
    totals = numbers(whole["new_ehc_plans"]).set_axis(whole["time_period"].str[:4].astype(int)).dropna()
    return NewPlans(by_age.groupby(["year", "age"])["plans"].sum().reset_index(), totals)


def read_new_needs(new_needs: Download, la: str, notes: list[Problem]) -> pd.DataFrame:
    """`year, need, age, plans`: the same with the primary need, for the years that have it."""
    _, mine, _ = _rows_of(new_needs, la)
    rows = _with_ages(mine)
    counts = _need_columns(rows, Numbers(new_needs.called, notes))
    tall = counts.assign(year=rows["time_period"].str[:4].astype(int), age=rows["age"] + 1).melt(
        ["year", "age"], var_name="need", value_name="plans"
    )
    return tall[tall["plans"] > 0].reset_index(drop=True)


REQUESTS = {
    "requests": "requests_received_in_year",
    "refusals": "requests_decided_not_to_assess",
    "undecided": "requests_decision_not_made",
}
"""Keys of `[forecast]`, and the columns of DfE they are read from."""


def read_requests(download: Download, la: str, notes: list[Problem]) -> pd.DataFrame:
    """`requests, refusals, undecided` by calendar year (index), of the authority with this DfE or ONS code; NaN where
    DfE does not say, which is so of the undecided of earlier years. Raises InputError where a column is missing.
    """
    _, mine, _ = _rows_of(download, la)
    missing = [column for column in REQUESTS.values() if column not in mine]
    if missing:
        raise InputError([Problem(f"the column {missing[0]} is missing", download.called, fix=_SAME_RELEASE)])
    rows = mine[_topic(mine, "all")].drop_duplicates("time_period")
    numbers = Numbers(download.called, notes)
    counts = pd.DataFrame({key: numbers(rows[column]) for key, column in REQUESTS.items()})
    counts.index = pd.Index(rows["time_period"].str[:4].astype(int), name="year")
    return counts[counts["requests"].notna()].sort_index()


def _rows_of(download: Download, la: str) -> tuple[pd.DataFrame, pd.DataFrame, Authority]:
    """The whole table, the rows of the authority, and which it is. Raises InputError where it is not in the file."""
    table = read_text(download.path, download.called)
    missing = [name for name in ("time_period", "new_la_code", "old_la_code", "la_name") if name not in table]
    if missing:
        what = f"the column {', '.join(missing)} is missing: another release, or a part of the file"
        raise InputError([Problem(what, download.called, fix=_SAME_RELEASE)])
    local = table[table["old_la_code"].str.strip().ne("") & table["geographic_level"].str.startswith("Local")]
    wanted = la.strip().casefold()
    own = local[
        (local["old_la_code"].str.strip().str.casefold() == wanted)
        | (local["new_la_code"].str.strip().str.casefold() == wanted)
    ]
    if own.empty:
        there = local.drop_duplicates("old_la_code", keep="last")
        names = dict(zip(there["la_name"].str.strip(), there["old_la_code"].str.strip(), strict=True))
        near = nearest(la, names)
        listed = ", ".join(f"{code} {name}" for name, code in list(names.items())[:5])
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        what = f"no rows of authority {shown(la)}: this file holds {listed}{more}"
        fix = "give --la one of these codes, or download the file of all authorities"
        fix = f"did you mean {names[near]} ({near})?" if near else fix
        raise InputError([Problem(what, download.called, column="old_la_code", value=la, fix=fix)])
    last = own.iloc[-1]
    return table, own, Authority(last["old_la_code"].strip(), last["new_la_code"].strip(), last["la_name"].strip())


def _named(authority: Authority) -> str:
    return f"{authority.name} ({authority.code})"


def _topic(rows: pd.DataFrame, start: str) -> pd.Series[bool]:
    return rows["breakdown_topic"].str.strip().str.casefold().str.startswith(start)


def _with_ages(rows: pd.DataFrame, topic: str = "child or young persons age") -> pd.DataFrame:
    """The rows by single age, with the column `age`."""
    chosen = rows[_topic(rows, topic)]
    with_ages = chosen.assign(age=pd.Series(ages(chosen["breakdown"]), index=chosen.index, dtype="float64"))
    return with_ages[with_ages["age"].notna()].astype({"age": int})


def _refuse_missing(table: pd.DataFrame, called: str) -> None:
    there = set(table.columns)
    parts = {name for names in SUMS.values() for name in names}
    wanted = {name for names in COLUMNS.values() for name in names} - OPTIONAL - parts
    missing = [
        f"{name} or {' and '.join(SUMS[name])}" if name in SUMS else name
        for name in sorted(wanted - there)
        if name not in SUMS or not there.issuperset(SUMS[name])
    ]
    if missing:
        what = (
            f"columns of placements are missing: {'; '.join(missing)}. This is another release, or a part of the file"
        )
        raise InputError([Problem(what, called, fix="download caseload.csv of 2025 or later")])


def _grouped(rows: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
    """[row, group] children of each group of placement. A mark counts as nobody."""
    out = {}
    for group, columns in COLUMNS.items():
        there = [name for name in columns if name in rows]
        counts = pd.DataFrame({name: numbers(rows[name]) for name in there}, index=rows.index)
        for whole, parts in SUMS.items():
            if whole in counts:
                counts[whole] = counts[whole].fillna(counts.reindex(columns=list(parts)).sum(axis=1))
                counts = counts.drop(columns=list(parts), errors="ignore")
        out[group] = counts.sum(axis=1)
    return pd.DataFrame(out, index=rows.index)


def _needs(download: Download, la: str, latest: str, notes: list[Problem]) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """[need, group], [need, age] plans of the year `latest`, and the rows read."""
    _, mine, authority = _rows_of(download, la)
    now = mine[mine["time_period"] == latest]
    if now.empty:
        what = f"this file has no rows of {_named(authority)} for {latest}, its last is {mine['time_period'].max()}"
        raise InputError([Problem(what, download.called, column="time_period", fix=_SAME_RELEASE)])
    placed = now[_topic(now, "type of placement")]
    aged = _with_ages(now)
    if placed.empty or aged.empty:
        lost = "type of placement" if placed.empty else "age"
        what = f"no rows of {_named(authority)} by {lost}: another release, or the download was cut short"
        raise InputError([Problem(what, download.called, column="breakdown_topic", fix="download the file again")])
    numbers = Numbers(download.called, notes)
    labels = [group_of(label) for label in placed["breakdown"]]
    # a sum over a group stands for its parts
    groups = [WHOLE.get(name, None if name in {WHOLE.get(one) for one in labels} else name) for name in labels]
    counts = (
        _need_columns(placed, numbers)
        .assign(group=pd.Series(groups, index=placed.index, dtype="object"))
        .dropna(subset=["group"])
    )
    by_type = counts.groupby("group").sum().reindex(index=list(COLUMNS), fill_value=0.0).T
    by_age = _need_columns(aged, numbers).set_axis(aged["age"]).groupby(level=0).sum().T
    by_type.index.name = by_age.index.name = "need"
    return by_type, by_age, len(now)


def _need_columns(rows: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
    """[row, need] children by primary need, whatever the columns are called beyond `number_`."""
    out = pd.DataFrame(0.0, index=rows.index, columns=list(NEED_CODES))
    for name in rows.columns:
        if not name.startswith("number_"):
            continue
        code = plain(name.removeprefix("number_")).upper()
        code = UNKNOWN_NEED if "UNKNOWN" in code or "NOT_REC" in code else code
        if code in NEED_CODES:
            out[code] += numbers(rows[name]).fillna(0.0)
    return out


def _history(mine: pd.DataFrame, numbers: Numbers) -> pd.DataFrame:
    """`year, age, plans` of the years whose ages are published."""
    by_age = _with_ages(mine)
    frame = pd.DataFrame(
        {
            "year": by_age["time_period"].str[:4].astype(int),
            "age": by_age["age"],
            "plans": numbers(by_age["ehcplans"]).fillna(0.0),
        }
    )
    return frame.groupby(["year", "age"])["plans"].sum().reset_index()
