"""What every setting is worth: what the plan would cost more if that setting closed before the first plan year.

One setting at a time, each beside the same plan. A school closes with its satellites. What opens stays as decided, but
for options at the setting that closes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats, totals
from sufficiency.case import Case
from sufficiency.codes import NOT_PLACED_BY_MAP
from sufficiency.plan.explain.rule_prices import rules_missed
from sufficiency.plan.solve.solve import Plan
from sufficiency.plan.tolerances import GAP_TOLERANCE
from sufficiency.problems import InputError
from sufficiency.standing import Standing
from sufficiency.tables.schema.studies import STUDIES
from sufficiency.tables.schemes import brings_line

SOMEBODY = 0.05
"""Children a year: smaller moves are not listed."""
MOST_SHOWN = 3
"""Settings listed as taking the children."""


@dataclass(frozen=True)
class Worth:
    """`table`: one row a setting, highest worth first, with the columns of `worth.csv`. `missing`: the names of
    settings that were not asked about before it was stopped. `rules_missed`: by the plan itself. Pounds are present
    values in pounds of `first_year`, the first plan year.
    """

    table: pd.DataFrame
    first_year: int
    rules_missed: str = ""
    missing: tuple[str, ...] = ()
    standing: Standing | None = None

    @property
    def with_missing(self) -> pd.DataFrame:
        """The table with a row for each that is missing, so that a file does not look whole where it is not."""
        texts = dict.fromkeys(("setting", "type", "locality", "rules_missed", "instead"), "")
        rows = [{**texts, "name": name, "note": "Not asked: interrupted before"} for name in self.missing]
        return pd.concat([self.table, pd.DataFrame(rows)], ignore_index=True) if rows else self.table

    @property
    def asked(self) -> int:
        """How many settings there are to ask about."""
        return len(self.table) + len(self.missing)


def settings_of(plan: Plan) -> list[str]:
    """The settings that a plan uses or pays for, in the order of their table: those with children or places in a plan
    year in lines that the plan may choose. EOTAS and home education are no places that could close.
    """
    data = plan.data
    usable = data.line_open[1:].any(axis=0) & ~data.by_pattern & ~data.lines["type"].isin(NOT_PLACED_BY_MAP).to_numpy()
    there = np.isfinite(data.places[1:]) & (data.places[1:] > 0)
    used = usable & (there.any(axis=0) | (_in_lines(plan)[1:].sum(axis=0) > SOMEBODY * data.horizon))
    return [str(code) for code in data.setting_codes[np.unique(data.line_setting[used])]]


def closing(case: Case, setting: str) -> dict[str, Any]:
    """In the words of a scenario: the setting and its satellites close before the first plan year, and what could open
    there does not. One that would open later never does.
    """
    first = case.model.years[0]
    settings = case.tables.settings
    gone = with_satellites(case, setting)
    still = settings["setting"].isin(gone) & ~(settings["closes"] <= first)
    later = still & (settings["opens"] >= first)
    edits = [{"table": "settings", "where": {"setting": _named(settings, still)}, "set": {"closes": first}}]
    if later.any():
        edits.append({"table": "settings", "where": {"setting": _named(settings, later)}, "set": {"opens": ""}})
    options = options_at(case, gone)
    dropped = [{"table": "options", "where": {"option": options}}] if options else []
    return {"edit": edits, "remove": dropped}


def with_satellites(case: Case, setting: str) -> list[str]:
    """The setting and those whose school it is."""
    settings = case.tables.settings
    return [setting, *_named(settings, (settings["school"] == setting) & (settings["setting"] != setting))]


def options_at(case: Case, settings: Sequence[str]) -> list[str]:
    """The options at some settings, those that add to their lines, and those that would only close them."""
    options = case.tables.options
    if options is None or options.empty:
        return []
    places = case.tables.places
    lines = places.loc[places["setting"].isin(settings), "line"]
    here = options["setting"].isin(settings) | options["line"].isin(lines)
    return _named(options, here | (options["closes_line"].isin(lines) & ~brings_line(options)), "option")


def _named(table: pd.DataFrame, rows: Any, column: str = "setting") -> list[str]:
    return [str(name) for name in table.loc[rows, column]]


def worth_row(plan: Plan, setting: str, without: Plan | InputError, opens: Mapping[str, str]) -> dict[str, Any]:
    """A row of the table: the plan beside the one `without` the setting, or the reason why there is none. `opens`:
    option → the year, or years, in which it opens in the plan.
    """
    case, data = plan.case, plan.data
    at = np.flatnonzero(data.setting_codes == setting)[0]
    known = case.tables.settings.iloc[at]
    gone = np.isin(data.setting_codes, with_satellites(case, setting))
    row: dict[str, Any] = dict.fromkeys(STUDIES["worth"].names, np.nan)
    row |= {name: str(known[name]) for name in ("setting", "name", "type", "locality")}
    there = _a_year(plan)[gone].sum()
    row |= {"places": _places(plan, gone), "children_there": there, "rules_missed": "", "instead": ""}
    notes = _standing(plan, gone, setting, opens)
    if isinstance(without, InputError):
        reasons = "; ".join(problem.what for problem in without.problems if problem.severity == "error")
        return row | {"note": ". ".join([f"No plan without it: {reasons}", *notes])}
    if without.status != "optimal":
        return row | {"note": ". ".join(["Not solved within solver.seconds: give it more", *notes])}
    more = without.objective - plan.objective
    if more < -GAP_TOLERANCE * abs(plan.objective) and data.placed[gone[data.line_setting][data.pair_line]].sum() > 0:
        notes.insert(0, "Costs less without it, but children already there would have to move at once")
    children = there * data.horizon
    return row | {
        "more": more,
        "more_money": without.money - plan.money,
        "more_awaiting": float(without.waiting[1:].sum() - plan.waiting[1:].sum()),
        "more_minutes": _mean_minutes(without) - _mean_minutes(plan),
        "per_child": more / children if children > SOMEBODY else np.nan,
        "rules_missed": rules_missed(without),
        "instead": _instead(plan, without, gone),
        "note": ". ".join(notes),
    }


def worth_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a table, highest worth first; those without a plan last."""
    table = pd.DataFrame(rows, columns=list(STUDIES["worth"].names))
    return table.sort_values("more", ascending=False, kind="stable", ignore_index=True)


def _in_lines(plan: Plan) -> Floats:
    """[T+1, L] children in each line."""
    return np.stack([totals(plan.data.pair_line, row, len(plan.data.lines)) for row in plan.stock])


def _a_year(plan: Plan) -> Floats:
    """[S] children in each setting in a mean plan year."""
    data = plan.data
    return totals(data.line_setting, _in_lines(plan)[1:].sum(axis=0), len(data.setting_codes)) / data.horizon


def _places(plan: Plan, gone: Flags) -> float:
    """Places of some settings in the plan year with most; NaN where a line of theirs has no limit."""
    data = plan.data
    places = float(data.places[1:, gone[data.line_setting] & ~data.by_pattern].sum(axis=1).max(initial=0.0))
    return places if np.isfinite(places) else np.nan


def _mean_minutes(plan: Plan) -> float:
    stock = plan.stock[1:]
    placed = stock.sum()
    return float((stock @ plan.data.minutes).sum() / placed) if placed > 0 else 0.0


def _instead(plan: Plan, without: Plan, gone: Flags) -> str:
    """Where most of the children would be, in words: children more in a mean year."""
    more = np.where(gone, 0.0, _a_year(without) - _a_year(plan))
    waiting = float(without.waiting[1:].sum() - plan.waiting[1:].sum()) / plan.data.horizon
    names = plan.case.tables.settings["name"].tolist()
    moves = [(waiting, "awaiting a place"), *((more[at], f"at {names[at]}") for at in np.argsort(-more, kind="stable"))]
    moves = sorted((one for one in moves if one[0] >= SOMEBODY), key=lambda one: -one[0])
    return "; ".join(f"{children:.1f} {where}" for children, where in moves[:MOST_SHOWN])


def _standing(plan: Plan, gone: Flags, setting: str, opens: Mapping[str, str]) -> list[str]:
    """What else a reader has to know: satellites, options, and a setting that opens late or closes anyway."""
    case = plan.case
    settings = case.tables.settings.set_index("setting")
    known, first, last = settings.loc[setting], case.model.years[0], case.model.years[1]
    satellites = [code for code in with_satellites(case, setting)[1:] if gone[plan.data.setting_codes == code].any()]
    remarks = []
    if satellites:
        remarks.append(f"With {' and '.join(str(settings.loc[code, 'name']) for code in satellites)}")
    if known["opens"] >= first and (case.tables.places["setting"] == setting).any():
        remarks.append(f"Would open in {int(known['opens'])}")
    if known["closes"] <= last:
        remarks.append(f"Closes in {int(known['closes'])} as it is")
    lost = [f"{name} ({opens[name]})" for name in options_at(case, with_satellites(case, setting)) if name in opens]
    if lost:
        remarks.append(f"Without {'option' if len(lost) == 1 else 'options'} {' and '.join(lost)}")
    return remarks
