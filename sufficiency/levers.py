"""Levers of a scenario turned into changes of a model and its tables: what would have to be written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

import pandas as pd

from sufficiency.arrays import each_row
from sufficiency.codes import EARLIER_SHARE, SCHOOL_PHASES, normal_code
from sufficiency.model.levers import EarlyIntervention, FreeSchoolCash, FreeSchoolDelay
from sufficiency.model.scenarios import Addition, Edit, Removal
from sufficiency.phases import phases_named
from sufficiency.problems import did_you_mean
from sufficiency.tables.change import ChangeError

if TYPE_CHECKING:
    from sufficiency.model import Model
    from sufficiency.tables.editing import Editing

AP = "alternative_provision"


@dataclass(frozen=True)
class Lever:
    """What a lever came to: its `key`, what it does in `words`, the planner's `evidence`."""

    key: str
    words: str
    evidence: str = ""


@dataclass(frozen=True)
class Pulled:
    """A lever as changes: `edits`, then rows to `add`, then rows to `remove`; £ of `capital` that come, options that
    are `dropped`, and the lever in words.
    """

    lever: Lever
    edits: list[Edit] = field(default_factory=list)
    add: list[Addition] = field(default_factory=list)
    remove: list[Removal] = field(default_factory=list)
    capital: float = 0.0
    dropped: str = ""


def pulled(lever: EarlyIntervention | FreeSchoolDelay | FreeSchoolCash, tables: Editing) -> Pulled:
    """A lever as changes of tables as they are now. Raises ChangeError where it finds nothing to change."""
    if isinstance(lever, EarlyIntervention):
        return _early_intervention(lever, tables)
    return _delay(lever, tables) if isinstance(lever, FreeSchoolDelay) else _cash(lever, tables)


def with_ap_at_most(document: dict[str, Any], shares: dict[int, float]) -> dict[str, Any]:
    """A model document with soft rules for the share of the children in AP, by first year. From the first of these on
    they take the place of other soft rules that hold AP alone, of all children, under a share.
    """
    rules = document.get("rules", {})
    given = rules.get("share", []) if isinstance(rules, dict) else []
    if not isinstance(given, list) or not all(isinstance(rule, dict) for rule in given):
        return document  # the model says what is wrong with it
    first, others = min(shares), []
    for rule in given:
        if not _of_all_in_ap(rule):
            others.append(rule)
        elif rule.get("from_year", first - 1) < first:  # it holds until then
            others.append(rule | {"to_year": min(rule.get("to_year", first - 1), first - 1)})
    years = sorted(shares)
    new = [
        {"name": f"AP at most {shares[year] * 100:.3g} % from {year}", "types": [AP], "at_most": shares[year]}
        | {"from_year": year}
        | ({"to_year": after - 1} if after != inf else {})
        for year, after in zip(years, [*years[1:], inf], strict=True)
    ]
    return document | {"rules": rules | {"share": [*others, *new]}}


def _of_all_in_ap(rule: dict[str, Any]) -> bool:
    """Whether a rule is soft, and holds the share of all children in AP alone under a limit."""
    types = rule.get("types")
    alone = isinstance(types, list) and [normal_code(str(kind)) for kind in types] == [AP]
    scoped = any(rule.get(name) for name in ("needs", "phases", "localities", "hard"))
    return alone and "at_most" in rule and not scoped


def ap_ambition(shares: dict[int, float]) -> Lever:
    """The words for an ambition."""
    steps = ", ".join(f"{share * 100:.3g} % from {year}" for year, share in sorted(shares.items()))
    return Lever("ap_at_most", f"AP at most {steps} (an ambition: it may be missed, at the price of a rule)")


def with_lever_money(model: Model, capital: float, dropped: Iterable[str]) -> Model:
    """The model with capital that levers bring, and without what it says of options and lines that they give up. Raises
    ChangeError where capital has no limit, so that more of it means nothing.
    """
    budget = model.finance.capital_budget
    if capital and budget is None:
        what = "the money is capital, and the model has no finance.capital_budget: extra capital would change nothing"
        raise ChangeError(what, "give finance.capital_budget")
    gone = {name.casefold() for name in dropped}
    remaining = {
        (section, key): {name: said for name, said in given.items() if name.casefold() not in gone}
        for section, key, given in (
            ("rules", "committed", model.rules.committed),
            ("continuity", "enrolment", model.continuity.enrolment),
        )
    }
    values = remaining | {("finance", "capital_budget"): None if budget is None else budget + capital}
    document = dict(model.raw)  # what a what-if of this scenario starts from
    for (section, key), value in values.items():
        model = model.model_copy(update={section: getattr(model, section).model_copy(update={key: value})})
        if document and (value or key in document.get(section, {})):
            document[section] = {**document.get(section, {}), key: value}
    model._raw = document
    return model


def _delay(lever: FreeSchoolDelay, tables: Editing) -> Pulled:
    model, places, settings = tables.model, tables.there("places"), tables.there("settings")
    line = _named(lever.line, places["line"], "line of places")
    mine = places[places["line"] == line]
    setting, first = str(mine["setting"].iloc[0]), int(mine["from_year"].min())
    opens = settings.loc[settings["setting"] == setting, "opens"].max()
    school_opens = max(first, int(opens)) if pd.notna(opens) else first
    if school_opens <= model.base_year:
        what = f"the line {line} is open in the base year {model.base_year}: it cannot open late"
        raise ChangeError(what, "name a line of a school that is still to open", line)
    coming = pd.notna(opens) and opens > model.base_year
    lines = sorted(set(places.loc[places["setting"] == setting, "line"])) if coming else [line]
    edits = []
    later = places[places["line"].isin(lines) & (places["from_year"] > model.base_year)]
    if len(later):
        where = {"line": lines, "from_year": {"from": model.base_year + 1}}
        edits.append(Edit(table="places", where=where, plus={"from_year": lever.years}))
    if coming:
        edits.append(Edit(table="settings", where={"setting": setting}, plus={"opens": lever.years}))
    late = "a year" if lever.years == 1 else f"{lever.years} years"
    words = f"{_name(settings, setting)} ({', '.join(lines)}) opens {late} late, in {school_opens + lever.years}"
    return Pulled(Lever("free_school_delay", words), edits)


def _cash(lever: FreeSchoolCash, tables: Editing) -> Pulled:
    model, places, settings = tables.model, tables.there("places"), tables.there("settings")
    options = tables.frames.get("options")
    remove = []
    if lever.option:
        if lever.option.casefold() in set(places["line"].str.casefold()):
            what = "this is a line of the places table, not an option"
            raise ChangeError(what, f'write line = "{lever.option}"', lever.option)
        option = _named(lever.option, tables.there("options")["option"], "option")
        row = next(row for row in each_row(tables.there("options")) if row.option == option)
        name, setting, number = option, str(row.setting), float(row.places)
        remove.append(Removal(table="options", where={"option": option}))
    else:
        name = _named(lever.line, places["line"], "line of places")
        mine = places[places["line"] == name]
        setting, number = str(mine["setting"].iloc[0]), float(mine["places"].max())
        if int(mine["from_year"].min()) <= model.base_year:
            what = f"the line {name} is open in the base year {model.base_year}: it is not given up for money"
            raise ChangeError(what, "name a line that is still to open", name)
        remove.append(Removal(table="places", where={"line": name}))
    if not number > 0:
        raise ChangeError(f"{name} has no number of places to be paid for", "give its places", name)
    others = [places.loc[places["line"] != name, "setting"]]
    others += [] if options is None else [options.loc[options["option"] != name, "setting"]]
    alone = not pd.concat(others).eq(setting).any() and not settings["school"].eq(setting).any()
    for table, column, code in (("costs", "line", name), *((t, "setting", setting) for t in ("costs", "travel"))):
        frame = tables.frames.get(table)
        if frame is not None and (alone or column == "line") and (frame[column] == code).any():
            remove.append(Removal(table=table, where={column: code}))
    if alone:
        remove.append(Removal(table="settings", where={"setting": setting}))
    capital = lever.per_place * number
    over = "in one year" if lever.years == 1 else f"over {lever.years} years"
    words = (
        f"{_name(settings, setting)} ({name}, {number:,.0f} places) is not built; £{capital:,.0f} comes as capital "
        f"{over}, £{lever.per_place:,.0f} a place"
    )
    return Pulled(Lever("free_school_cash", words, lever.evidence), remove=remove, capital=capital, dropped=name)


def _early_intervention(lever: EarlyIntervention, tables: Editing) -> Pulled:
    model = tables.model
    where = _scope(lever, tables)
    demand = tables.there("demand")
    inside = pd.Series(True, demand.index)
    for column, codes in where.items():
        inside &= demand[column].isin(codes)
    edits, fewer, early = [], dict[tuple[int, bool], float](), _early_phases(model)
    for year in model.plan_years:
        share = lever.share_in(year)
        rows = demand[inside & (demand["year"] == year)]
        if share > 0 and len(rows):
            staying_share = 1 - share
            edits.append(
                Edit(
                    table="demand",
                    where=where | {"year": year},
                    times={"children": staying_share, "low": staying_share, "high": staying_share},
                )
            )
            for late, part in rows.groupby(~rows["phase"].isin(early)):
                fewer[(year, bool(late))] = share * float(part["children"].sum())
    if not sum(fewer.values()) > 0:
        raise ChangeError("no children of the plan's years are in its scope", "check its needs, phases and years")
    paid = _paid(lever, model, fewer)
    more, add, until = _other_spend(lever, tables, paid)
    children = max(sum(fewer.get((year, late), 0.0) for late in (False, True)) for year in model.plan_years)
    words = (
        f"from {lever.from_year} fewer children need a specialist place, {lever.share * 100:.3g} % of those in its "
        f"scope by {lever.full_year} (up to {children:,.0f} a year); each costs £{lever.cost_per_child:,.0f} a year in "
        f"an ordinary class, on {lever.budget_line}{until}"
    )
    return Pulled(Lever("early_intervention", words, lever.evidence), [*edits, *more], add)


def _scope(lever: EarlyIntervention, tables: Editing) -> dict[str, Any]:
    """Values by column that rows of demand in the scope have."""
    model, where = tables.model, dict[str, Any]()
    if lever.needs:
        where["need"] = list(lever.needs)
    if lever.phases:
        named = [phases_named(name, model.phase_list) for name in lever.phases]
        strange = next((name for name, codes in zip(lever.phases, named, strict=True) if codes is None), None)
        if strange is not None:
            known = [*(phase.code for phase in model.phase_list), *SCHOOL_PHASES]
            raise ChangeError("this is not a phase of the model", did_you_mean(strange, known), strange)
        where["phase"] = [code for codes in named for code in codes or ()]
    if lever.localities:
        areas = tables.there("areas")
        wanted = {_named(name, areas["locality"], "locality") for name in lever.localities}
        where["area"] = areas.loc[areas["locality"].isin(wanted), "area"].tolist()
    return where


def _early_phases(model: Model) -> set[str]:
    """Phases before the age of 16: their money is split 5/12 and 7/12."""
    return {phase.code for phase in model.phase_list if phase.first < SCHOOL_PHASES["post_16"][0]}


def _paid(lever: EarlyIntervention, model: Model, fewer: dict[tuple[int, bool], float]) -> dict[int, float]:
    """£ by planned financial year, cash of the year."""
    growth = 1 + model.finance.inflation_of("default")
    paid = {}
    for year in model.plan_years:
        children = sum(
            EARLIER_SHARE[late] * fewer.get((year - 1, late), 0.0)
            + (1 - EARLIER_SHARE[late]) * fewer.get((year, late), 0.0)
            for late in (False, True)
        )
        paid[year] = float(children * lever.cost_per_child * growth ** (year - model.base_year))
    return {year: pounds for year, pounds in paid.items() if pounds > 0}


def _other_spend(
    lever: EarlyIntervention, tables: Editing, paid: dict[int, float]
) -> tuple[list[Edit], list[Addition], str]:
    """What is paid as edits of and rows for `other_spend`, in the years that the table knows; and which those are."""
    if not paid:
        return [], [], ""
    if "other_spend" not in tables.frames:
        what = "its cost is added to other_spend, and the model has no other_spend table"
        raise ChangeError(what, "add other_spend to [tables], or say cost_per_child = 0 and find the money elsewhere")
    other = tables.frames["other_spend"]
    known, line = set(other["financial_year"]), other["budget_line"] == lever.budget_line
    on_grant = line & (other["fund"].str.casefold() == "dsg")
    there = {year: pounds for year, pounds in paid.items() if year in known}
    if not there:
        what = (
            f"other_spend has no row for any of the financial years {min(paid)} to {max(paid)}, which it costs money in"
        )
        raise ChangeError(what, "give other_spend rows for these years")
    edits, add = [], []
    for year, pounds in there.items():
        named = {"financial_year": year, "budget_line": lever.budget_line}
        if (on_grant & (other["financial_year"] == year)).any():
            edits.append(Edit(table="other_spend", where=named | {"fund": "dsg"}, plus={"pounds": pounds}))
        else:
            add.append(Addition(table="other_spend", row=named | {"fund": "dsg", "pounds": pounds}))
    left = sorted(set(paid) - known)
    span = f"{left[0]} to {left[-1]}" if len(left) > 1 else f"{left[0]}" if left else ""
    return edits, add, f"; not counted in {span}, which other_spend does not cover" if left else ""


def _named(given: str, codes: pd.Series[str], what: str) -> str:
    """The code that is meant, whatever its case."""
    known = {code.casefold(): code for code in codes if code}
    if given.casefold() not in known:
        raise ChangeError(f"there is no such {what}", did_you_mean(given, list(known.values())), given)
    return known[given.casefold()]


def _name(settings: pd.DataFrame, setting: str) -> str:
    return str(settings.loc[settings["setting"] == setting, "name"].iloc[0])
