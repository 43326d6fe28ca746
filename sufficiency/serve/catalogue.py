"""What can be changed on the page, each with what it is in the model and in the plan."""

from __future__ import annotations

import math
from typing import Any

from sufficiency.api.asking import Session
from sufficiency.case import Case
from sufficiency.report.maps.words import clean
from sufficiency.report.words import academic_year
from sufficiency.serve.changes import level_in, places_after, places_by_year, rules_with_limits
from sufficiency.serve.steps import Fee, Inflation, Limit, Opens, Steps
from sufficiency.serve.words import Names, limit_words


def catalogue(case: Case, names: Names, session: Session | None, steps: Steps) -> dict[str, Any]:
    """All that can be changed: in the model, in the plan at hand (`session`, where it is there already), and after the
    changes now.
    """
    first, last = case.model.years
    fees = {step.type: step.percent for step in steps if isinstance(step, Fee)}
    return {
        "model": clean(case.model.name),
        "fictional": case.model.fictional,
        "years": [{"year": year, "words": academic_year(year)} for year in range(first, last + 1)],
        "words": {year: academic_year(year) for year in range(first, last + 1)},
        "lines": _lines(case, names, steps),
        "options": _options(case, names, session, steps),
        "fees": [{"code": code, "words": names.type(code), "percent": fees.get(code, 0.0)} for code in _types(case)],
        "inflation": _inflation(case, names, steps),
        "needs": _used(case, "need", case.model.need_label),
        "phases": _used(case, "phase", case.model.phase_label),
        "localities": sorted({clean(name) for name in case.tables.areas["locality"].astype(str) if name.strip()}),
        "rules": _rules(case, steps),
        "schools": _schools_to_come(case, names),
    }


def _rules(case: Case, steps: Steps) -> list[dict[str, Any]]:
    """Rules whose limit can be changed; a share is shown in percent."""
    limits = {step.rule: step.limit for step in steps if isinstance(step, Limit)}
    documents = []
    for key, rule, limit in rules_with_limits(case):
        given = float(getattr(rule, limit))
        share = key != "locality_minutes" and not limit.endswith("children")
        now = limits.get(rule.name, given)
        words = limit_words(case, rule.name, given)
        documents.append(
            {"name": rule.name, "words": words, "share": share, "now": round(now * (100 if share else 1), 6)}
        )
    return documents


def _lines(case: Case, names: Names, steps: Steps) -> list[dict[str, Any]]:
    """Lines with a limit of places, and the places of every year of the plan."""
    first, last = case.model.years
    rows = case.tables.places.drop_duplicates("line")
    lines = []
    for line, setting in zip(rows["line"].astype(str), rows["setting"].astype(str), strict=True):
        levels = places_by_year(case, line)
        if any(math.isnan(places) for places in levels.values()):
            continue
        after = places_after(case, line, steps)
        given, now = ([level_in(one, year) for year in range(first, last + 1)] for one in (levels, after))
        document = {"code": line, "setting": setting, "words": names.lines[line], "given": given, "now": now}
        lines.append(document)
    return sorted(lines, key=lambda one: str(one["words"]).casefold())


def _options(case: Case, names: Names, session: Session | None, steps: Steps) -> list[dict[str, Any]]:
    options = case.tables.options
    if options is None:
        return []
    opens = {} if session is None else session.openings
    asked = {step.option: step.year for step in steps if isinstance(step, Opens)}
    first, last = case.model.years
    documents = []
    for row in options.to_dict("records"):
        code = str(row["option"])
        earliest, latest = (
            int(row[name]) if row[name] == row[name] else limit
            for name, limit in (("earliest", first), ("latest", last))
        )
        documents.append(
            {
                "code": code,
                "words": names.options.get(code, code),
                "places": float(row["places"]),
                "capital": float(row["capital"]),
                "may": list(range(max(earliest, first), min(latest, last) + 1)),
                "opens": [part.year for part in opens.get(code, ())],
                "now": asked.get(code) if code in asked else next((part.year for part in opens.get(code, ())), None),
                "changed": code in asked,
                "committed": code in case.model.rules.committed,
            }
        )
    return documents


def _types(case: Case) -> list[str]:
    costs = case.tables.costs
    priced = costs.loc[costs["per_child"].fillna(0) > 0, "type"].astype(str)
    return [code for code in dict.fromkeys(priced) if code]


def _inflation(case: Case, names: Names, steps: Steps) -> list[dict[str, Any]]:
    finance = case.model.finance
    of = [
        *((code, names.type(code)) for code in _types(case)),
        ("transport", "Transport"),
        ("default", "Everything else"),
    ]
    asked = {step.of: step.percent for step in steps if isinstance(step, Inflation)}
    given = [(code, words, round(100 * finance.inflation_of(code), 4)) for code, words in of]
    return [
        {"code": code, "words": words, "given": percent, "now": asked.get(code, percent)}
        for code, words, percent in given
    ]


def _used(case: Case, column: str, label: Any) -> list[dict[str, str]]:
    codes = case.tables.demand.loc[case.tables.demand["children"] > 0, column].astype(str)
    return [{"code": code, "words": clean(label(code))} for code in dict.fromkeys(codes)]


def _schools_to_come(case: Case, names: Names) -> list[dict[str, str]]:
    """Lines of schools that are still to open, which levers can delay or give up."""
    settings, places = case.tables.settings, case.tables.places
    opens = dict(zip(settings["setting"].astype(str), settings["opens"], strict=True))
    firsts = places.groupby("line")["from_year"].min()
    return [
        {"code": str(line), "words": names.lines[str(line)]}
        for line, setting in places.drop_duplicates("line")[["line", "setting"]].itertuples(index=False)
        if firsts[line] > case.model.base_year or opens.get(str(setting), 0) > case.model.base_year
    ]
