"""A result, or several scenarios of it, as a release that may be published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sufficiency.api.matching import holds_result_of
from sufficiency.api.planning import plan_to_folder, result_folder
from sufficiency.api.reading import read_cases
from sufficiency.api.report_forms import FORMS, NO_PAPER, PAPER, RETURNS, forms_asked, paper_allowed, read_look
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.model.scenarios import BASE
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.report.disclosure.as_result import Ground, public_summary
from sufficiency.report.disclosure.audit import Audit
from sufficiency.report.disclosure.forms import Formed
from sufficiency.report.disclosure.public import Public
from sufficiency.report.disclosure.publish import Asked, publish
from sufficiency.report.disclosure.published import refuse_others
from sufficiency.report.disclosure.structure import TODAY
from sufficiency.report.disclosure.unit_costs import unit_costs
from sufficiency.result import Result
from sufficiency.result.folder import load, refuse_unusable
from sufficiency.result.swap import PUBLISHED_FOLDER

OPEN = ("open", "committed", "")
"""Status of a row of places whose site is announced."""


@dataclass(frozen=True)
class Published:
    """The folder written, what the audit found, and the scenarios that had to be planned first. `left_out`: why a form
    was not written.
    """

    folder: Path
    audit: Audit
    planned: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def publish_to_folder(
    path: str | Path,
    scenarios: Sequence[str] = (BASE,),
    folder: Path | None = None,
    method: str = "rounding",
    since: Path | None = None,
    only: Sequence[str] | None = None,
    template: Path | None = None,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> Published:
    """Publish the results of a model's scenarios as one release in `published/` of the first one's folder, planning
    those first that have no result of the same inputs. `folder`: that of the base. `only`: of page, workbook and paper
    those to write (none: all); tables, figures, maps and the map file are always written.

    Raises DisclosureError where the audit finds that something is given away; nothing is written then. Raises
    InputError, before anything is planned, as `report_to_folder` does.
    """
    forms = tuple(name for name in forms_asked(only) if name != RETURNS)
    look = None if template is None else read_look(template, forms)
    cases = read_cases(path, list(scenarios), progress)
    first = next(iter(cases))
    left_out = () if paper_allowed(cases[first].model) or PAPER not in forms else (NO_PAPER,)
    forms = tuple(name for name in forms if not left_out or name != PAPER)
    if only and not forms:
        raise InputError([Problem(NO_PAPER, file=str(path))])
    folders = {name: (folder if name == BASE and folder else result_folder(path, name)) for name in cases}
    planned = tuple(name for name, case in cases.items() if not holds_result_of(folders[name], case))
    for name in planned:
        refuse_unusable(folders[name])
    refuse_others(folders[first] / PUBLISHED_FOLDER)
    if warn is not None:
        warn(cases[first].warnings)
    for name in planned:
        own = folder if name == BASE else None
        plan_to_folder(path, name, own, progress=progress, appraise=name == BASE, stop=stop)
    results = {name: load(folders[name], whole=True) for name in cases}
    announced = frozenset.intersection(*(announced_settings(case) for case in cases.values()))
    settings = cases[first].model.disclosure
    asked = Asked(
        settings.threshold,
        settings.base,
        method,
        since,
        announced,
        public_of(cases[first], results[first]),
        formed(cases[first], results, announced, tuple(FORMS[name].file for name in forms), look),
        cases[first].model.solver.threads,
    )
    found = publish(results, folders[first], asked, progress)
    return Published(folders[first] / PUBLISHED_FOLDER, found, planned, left_out)


def formed(
    case: Case,
    results: dict[str, Result],
    announced: frozenset[str],
    files: Sequence[str],
    template: bytes | None = None,
) -> Formed:
    """What forms are made of beside the tables that are published. `results`: by scenario, the first that of `case`."""
    summaries = {name: public_summary(result.summary) for name, result in results.items()}
    ground = Ground.of(next(iter(results.values())), announced)
    return Formed(case.model, summaries, ground, tuple(files), template)


def announced_settings(case: Case) -> frozenset[str]:
    """Settings whose site is public: they have places that are open or committed."""
    places = case.tables.places
    return frozenset(places.loc[places["status"].isin(OPEN), "setting"])


def public_of(case: Case, result: Result) -> Public:
    """What is public beside the release: the base year's children in all and by type of setting (DfE publishes them
    for every council, unrounded), and what a child costs.
    """
    measures = result.frames["measures"]
    base = measures[(measures["period"] == "academic") & (measures["year"] == measures["year"].min())]
    published = base[base["measure"].isin(["children", "children_in", "awaiting"]) & base["today"].notna()]
    counts: dict[tuple[str, ...], float] = {
        ("measures", TODAY, "", TODAY, str(row.measure), str(row.item or "")): float(row.today)
        for row in published.fillna({"item": ""}).itertuples()
        if abs(row.today - round(row.today)) < 1e-9
    }
    return Public(counts, unit_costs(case))
