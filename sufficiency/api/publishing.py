"""A result, or several scenarios of it, as a release that may be published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sufficiency.api.planning import plan_to_folder, result_folder
from sufficiency.api.reading import read
from sufficiency.case import Case
from sufficiency.deadline import Stop
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.report.disclosure.audit import Audit
from sufficiency.report.disclosure.public import Public
from sufficiency.report.disclosure.publish import Asked, Hook, publish
from sufficiency.report.disclosure.structure import TODAY
from sufficiency.report.disclosure.unit_costs import unit_costs
from sufficiency.result import Result
from sufficiency.result.folder import load
from sufficiency.result.summary import input_hashes
from sufficiency.result.swap import PUBLISHED_FOLDER

OPEN = ("open", "committed", "")
"""Status of a row of places whose site is announced."""


@dataclass(frozen=True)
class Published:
    """The folder written, what the audit found, and the scenarios that had to be planned first."""

    folder: Path
    audit: Audit
    planned: tuple[str, ...]


def publish_to_folder(
    path: str | Path,
    scenarios: Sequence[str] = ("base",),
    folder: Path | None = None,
    method: str = "rounding",
    since: Path | None = None,
    hooks: Sequence[Hook] = (),
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
    stop: Stop | None = None,
) -> Published:
    """Publish the results of a model's scenarios as one release in `published/` of the first one's folder, planning
    those first that have no result of the same inputs. `folder`: that of the base.

    Raises DisclosureError where the audit finds that something is given away; nothing is written then.
    """
    planned, results, homes, cases = [], {}, {}, {}
    for scenario in dict.fromkeys(scenarios):
        home = folder if folder is not None and scenario == "base" else result_folder(path, scenario)
        case = read(path, scenario, progress)
        result = _of_same_inputs(home, case, scenario)
        if result is None:
            planned.append(scenario)
            result, home = plan_to_folder(path, scenario, home, progress=progress, warn=warn, stop=stop)
        results[scenario], homes[scenario], cases[scenario] = result, home, case
    first = next(iter(results))
    settings = cases[first].model.disclosure
    asked = Asked(
        settings.threshold,
        settings.base,
        method,
        since,
        frozenset.intersection(*(announced_settings(case) for case in cases.values())),
        public_of(cases[first], results[first]),
        hooks,
        cases[first].model.solver.threads,
    )
    return Published(homes[first] / PUBLISHED_FOLDER, publish(results, homes[first], asked, progress), tuple(planned))


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


def _of_same_inputs(home: Path, case: Case, scenario: str) -> Result | None:
    try:
        result = load(home)
    except InputError:
        return None
    same = result.summary.get("inputs") == input_hashes(case) and result.summary.get("scenario") == scenario
    return result if same else None
