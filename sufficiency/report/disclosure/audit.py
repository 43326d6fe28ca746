"""The audit of a release: what can be worked out from the published files, and from what is public. Nothing else is
read: no true figure, no model, no result.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.arrays import Flags, Floats
from sufficiency.report.disclosure.attack import attack
from sufficiency.report.disclosure.bounds import tighten
from sufficiency.report.disclosure.catalogue import CATALOGUE, MEAN_STEPS
from sufficiency.report.disclosure.forms_read import strange_in_forms
from sufficiency.report.disclosure.knowledge import ContradictionError, Knowledge
from sufficiency.report.disclosure.linked import Builder, Cell, System, in_words
from sufficiency.report.disclosure.public import Public, add_counts, add_minutes, add_money
from sufficiency.report.disclosure.published import Claims, Reading, read_published, unit_of
from sufficiency.report.disclosure.side_by_side import each
from sufficiency.report.disclosure.structure import TODAY, add_year, cells_of

_CLOSE = 1e-6


@dataclass(frozen=True)
class Audit:
    """What came of an audit. `cells`: how many were protected; `least_width`: the narrowest range that is left for one
    of them, in children; `exposed`: what gave something away, in words; `notes`: what could not be asked.
    """

    cells: int
    least_width: float
    exposed: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was given away."""
        return not self.exposed


def audit(folder: Path, public: Public | None = None, since: Path | None = None, workers: int = 1) -> Audit:
    """Attack the release in `folder`, with what is public and with an earlier release. Raises InputError where one of
    the two is no release.
    """
    reading = read_published(folder)
    earlier = None if since is None else read_published(release_in(since))
    strange = (*reading.strange, *strange_in_forms(folder, reading.tables, unit_of(reading.claims)))
    if strange:
        return Audit(0, 0.0, strange)
    jobs = [(reading, earlier, public or Public(), year) for year in _years(reading)]
    years = list(each(_audit_year, jobs, workers, len(reading.tables["gaps"])))
    widths = [one.least_width for one in years if one.cells]
    return Audit(
        sum(one.cells for one in years),
        min(widths, default=float(reading.claims.threshold)),
        tuple(text for one in years for text in one.exposed),
        tuple(dict.fromkeys(text for one in years for text in one.notes)),
    )


def release_in(folder: Path) -> Path:
    """The folder of a release: `folder`, or the release in the result that `folder` is."""
    inner = folder / "published"
    return inner if inner.is_dir() else folder


def _years(reading: Reading) -> list[int | str]:
    return [TODAY, *sorted(int(year) for year in reading.tables["gaps"]["year"].unique())]


def _audit_year(job: tuple[Reading, Reading | None, Public, int | str]) -> Audit:
    reading, earlier, public, year = job
    system, values = year_of(reading, public, year)
    known = knowledge(system, values, reading.claims)
    notes: list[str] = []
    if earlier is not None:
        known, said = _with_earlier(known, values, earlier, year)
        notes += said
    threshold = reading.claims.threshold
    lower, upper = tighten(known.system, known.lower, known.upper)
    asked = (lower < threshold - _CLOSE) & (upper > _CLOSE) & (known.upper - known.lower > _CLOSE)
    asked &= ~_public_already(system, public, threshold)
    shown = (known.upper - known.lower <= _CLOSE) & (known.lower > _CLOSE) & (known.lower < threshold - _CLOSE)
    try:
        attacked = attack(known, asked, float(threshold))
    except ContradictionError:
        return Audit(0, 0.0, (f"{year}: the published figures do not fit together",))
    width = attacked.greatest - attacked.least
    narrow = np.flatnonzero(
        asked & (width < threshold - _CLOSE) & (attacked.least < threshold - _CLOSE) & (attacked.greatest > _CLOSE)
    )
    exposed = [
        f"{in_words(system.cells[cell])}: between {attacked.least[cell]:.4g} and {attacked.greatest[cell]:.4g} children"
        + (f", from {'; '.join(attacked.because.get(int(cell), ())[:4])}" if attacked.because.get(int(cell)) else "")
        for cell in narrow
    ]
    exposed += [f"{in_words(system.cells[cell])}: {values[cell]:g} is shown" for cell in np.flatnonzero(shown)]
    narrow_set = set(narrow.tolist())
    exposed += [
        f"{in_words(system.cells[cell])}: no two tables of whole numbers {threshold} children apart were found"
        for cell in attacked.unproven
        if cell not in narrow_set
    ]
    protected = asked & (attacked.least < threshold - _CLOSE) & (attacked.greatest > _CLOSE)
    least = float(width[protected].min(initial=np.inf)) if protected.any() else float(threshold)
    return Audit(int(protected.sum()), least if not shown.any() else 0.0, tuple(exposed), tuple(notes))


def year_of(reading: Reading, public: Public, year: int | str) -> tuple[System, Floats]:
    """The cells of one year, all that holds between them, and [n] what is published (NaN: suppressed)."""
    to = Builder()
    known: dict[Cell, float] = {}
    for scenario in reading.scenarios:
        frames = reading.of(scenario, year)
        add_year(to, frames, scenario, year)
        known |= cells_of(frames, scenario, year)
        if year != TODAY:
            add_money(to, frames["spend"], public, scenario, int(year), reading.claims.money_step)
            mean = _mean_minutes(frames["measures"])
            if mean is not None and "journeys" in frames:
                head = ("provision", "children", scenario, str(year))
                steps = (CATALOGUE["journeys"].steps[0][1], MEAN_STEPS["mean_minutes"])
                add_minutes(to, frames["journeys"], mean, steps, head)
    _same_children(to, reading.scenarios, known)
    add_counts(to, public, str(year))
    system = to.system()
    return system, _with_totals(system, known, reading.claims)


def _public_already(system: System, public: Public, threshold: int) -> Flags:
    """[n] the cells that follow from what others publish, without the release."""
    lower, upper = np.zeros(len(system.cells)), np.full(len(system.cells), np.inf)
    for number, cell in enumerate(system.cells):
        value = public.counts.get((*cell[:2], "", *cell[3:]))
        if value is not None:
            lower[number] = upper[number] = value
    lower, upper = tighten(system, lower, upper)
    return np.asarray(upper - lower < threshold - _CLOSE)


def _mean_minutes(measures: pd.DataFrame) -> float | None:
    rows = measures[(measures["measure"] == "mean_minutes") & (measures["item"] == "")]
    return float(rows["plan"].iloc[0]) if len(rows) == 1 else None


def _same_children(to: Builder, scenarios: tuple[str, ...], known: dict[Cell, float]) -> None:
    """Who needs a place is the same in every scenario, where the published figures are: rows that say so."""
    first = scenarios[0]
    for other in scenarios[1:]:
        twins = [
            (cell, (*cell[:2], other, *cell[3:]))
            for cell in list(to.place)
            if cell[2] == first and cell[1] == "demand" and all(cell[4:])
        ]
        twins = [twin for twin in twins if twin[1] in to.place]
        if all(_alike(known.get(one, np.nan), known.get(two, np.nan)) for one, two in twins):
            for one, two in twins:
                to.equal([to.place[one]], [to.place[two]], "the same children in every scenario")


def _alike(one: float, two: float) -> bool:
    return one == two or np.isnan(one) or np.isnan(two)


def _with_totals(system: System, known: dict[Cell, float], claims: Claims) -> Floats:
    """[n] published values: as they stand; totals that stand in no table are added up, unless a part is suppressed."""
    values = np.array([known.get(cell, np.nan) for cell in system.cells])
    stands = np.array([cell in known for cell in system.cells])
    added = system.added_up(known)
    fill = ~stands & ~np.isnan(added)
    values[fill] = added[fill]
    return values


def knowledge(system: System, values: Floats, claims: Claims) -> Knowledge:
    """What the method says of each cell: rounded figures are near the true ones, suppressed ones are not below 0."""
    if claims.method == "rounding":
        near = np.where(system.total, claims.totals_within, claims.within)
        return Knowledge(system, np.maximum(values - near, 0.0), values + near, values)
    hidden = np.isnan(values)
    return Knowledge(
        system, np.where(hidden, 0.0, values), np.where(hidden, np.inf, values), np.where(hidden, 0.0, values)
    )


def _with_earlier(known: Knowledge, values: Floats, earlier: Reading, year: int | str) -> tuple[Knowledge, list[str]]:
    """What an earlier release adds for who takes figures to be the same as then: first all of them that may be, then,
    where not all can be, those that are published alike.
    """
    if year != TODAY and int(year) not in set(earlier.tables["gaps"]["year"]):
        return known, []
    system, before = year_of(earlier, Public(), year)
    then = knowledge(system, before, earlier.claims)
    place = system.place
    shared = [(here, place[cell]) for here, cell in enumerate(known.system.cells) if cell in place]
    for only_alike in (False, True):
        lower, upper = known.lower.copy(), known.upper.copy()
        for here, there in shared:
            low, high = max(lower[here], then.lower[there]), min(upper[here], then.upper[there])
            alike = _alike(values[here], before[there])
            if low <= high and (alike or not only_alike):
                lower[here], upper[here] = low, high
        low_all, high_all = tighten(known.system, lower, upper)
        if np.all(low_all <= high_all + _CLOSE) and _possible(Knowledge(known.system, lower, upper, known.likely)):
            return Knowledge(known.system, lower, upper, known.likely), []
    return known, [f"{year}: figures differ from the earlier release, which adds nothing"]


def _possible(known: Knowledge) -> bool:
    try:
        attack(known, np.zeros(len(known.lower), dtype=bool), 1.0)
    except ContradictionError:
        return False
    return True
