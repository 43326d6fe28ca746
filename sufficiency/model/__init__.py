"""The model file: one TOML document that names a planner's tables and says how to plan.

A section stands in the module of its name, the rules in `sufficiency.policy`. The docstrings of the fields are the
reference that users read; every default states its source there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from sufficiency.codes import NEEDS, PHASE_LABELS, SCHOOL_PHASES, SETTING_TYPES
from sufficiency.fields import Flag, Ncy, Section, Year
from sufficiency.model.continuity import Continuity
from sufficiency.model.disclosure import Disclosure
from sufficiency.model.finance import Finance
from sufficiency.model.forecast import Forecast
from sufficiency.model.labels import Labels
from sufficiency.model.paper import COURSES, Paper
from sufficiency.model.scenarios import BASE, Scenario, unfit_names
from sufficiency.model.solver import Solver
from sufficiency.model.sweep import Sweep
from sufficiency.model.tables import TablePaths
from sufficiency.model.travel import Travel
from sufficiency.model.weights import Weights
from sufficiency.phases import Phase, default_through, school_phases, year_group_phases
from sufficiency.policy import Rules, ScopedRule
from sufficiency.problems import did_you_mean, shown


class Model(Section):
    """A model: what is planned, for which years, from which tables."""

    name: str = Field(min_length=1)
    """What outputs call it."""
    about: str = ""
    """A sentence on what the model is."""
    fictional: Flag = False
    """Says that the data are made up: on every screen, map, picture and summary, and in QGIS of every layer; tables in
    CSV have no room for it.
    """
    sources: str | None = None
    """The list of files and tables (`sources.csv`) that `sufficiency new --from` wrote, relative to this file. Until
    both placements and places are no longer as it wrote them, every output says Illustrative.
    """
    base_year: Year
    """The September in which the last known academic year started."""
    years: tuple[Year, Year]
    """First and last academic year planned."""
    tables: TablePaths
    phases: Literal["year_groups"] | dict[str, tuple[Ncy, Ncy]] = SCHOOL_PHASES
    """Phases with their first and last National Curriculum Year, in order; or `"year_groups"`."""
    forecast: Forecast | None = None
    """How demand is forecast; without this section `plan` takes the demand table as it is."""
    continuity: Continuity = Continuity()
    travel: Travel = Travel()
    weights: Weights = Weights()
    finance: Finance = Finance()
    labels: Labels = Labels()
    rules: Rules = Rules()
    disclosure: Disclosure = Disclosure()
    paper: Paper = Paper()
    sweep: Sweep = Sweep()
    solver: Solver = Solver()
    scenarios: dict[str, Scenario] = {}

    _path: Path = PrivateAttr(default=Path("model.toml"))
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Model:
        faults = [
            *self._years_that_do_not_fit(),
            *unfit_names(list(self.scenarios)),
            *self._phases_unknown(),
            *self._base_too_small(),
            *self._courses_unknown(),
            *self._sweep_of_no_scenario(),
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return self

    def _years_that_do_not_fit(self) -> Iterator[str]:
        first, last = self.years
        if first > last:
            yield f"years: the first year {first} is after the last year {last}"
        if first != self.base_year + 1:
            yield (
                f"years must start in the year after base_year: {self.base_year + 1}, not {first} "
                "(children who are placed today are followed year by year)"
            )

    def _courses_unknown(self) -> Iterator[str]:
        for key in COURSES:
            name = getattr(self.paper, key)
            if name and name not in self.scenarios:
                near = f"; {did_you_mean(name, self.scenarios)}" if self.scenarios else ""
                yield f"paper.{key}: {shown(name)} is not a scenario of this model{near}"

    def _base_too_small(self) -> Iterator[str]:
        base, threshold = self.disclosure.base, self.disclosure.threshold
        if base < threshold:
            yield (
                f"disclosure.base: {base} is below disclosure.threshold, {threshold}: a figure rounded to {base} "
                f"leaves a range of only {base} (write base = {threshold})"
            )

    def _sweep_of_no_scenario(self) -> Iterator[str]:
        known = [BASE, *self.scenarios]
        for name in dict.fromkeys(name for axis in self.sweep.scenarios for name in axis):
            if name not in known:
                yield f"sweep.scenarios: there is no scenario {shown(name)}; {did_you_mean(name, known)}"

    def _phases_unknown(self) -> Iterator[str]:
        try:
            phases = self.phase_list
        except ValueError as error:
            yield str(error)
            return
        for before, after in pairwise(phases):
            if after.first <= before.last:
                yield f"phases: {after.code} starts before {before.code} has ended"
        if len({phase.code for phase in phases}) < len(phases):
            yield "phases: two names differ only in capitals or spaces; give each its own"
        known = {phase.code for phase in phases} | set(SCHOOL_PHASES)
        named = {
            "continuity.stay": list(self.continuity.stay),
            "continuity.through": list(self.continuity.through) if isinstance(self.continuity.through, dict) else [],
            **{
                f"continuity.mainstream_eligible.{need}": list(share)
                for need, share in self.continuity.mainstream_eligible.items()
                if isinstance(share, dict)
            },
            "travel.limit_minutes": list(self.travel.limit_minutes),
            "labels.phases": list(self.labels.phases),
            "forecast.inclusion_phases": list(self.forecast.inclusion_phases) if self.forecast else [],
        } | {f"rules.{key} {rule.name}": rule.phases for key, rule in self.rules.listed if isinstance(rule, ScopedRule)}
        for where, codes in named.items():
            for code in codes:
                if code not in known:
                    yield f"{where}: {shown(code)} is not a phase of this model; {did_you_mean(code, known)}"

    @property
    def path(self) -> Path:
        """The file the model was read from."""
        return self._path

    @property
    def raw(self) -> dict[str, Any]:
        """The TOML document as read."""
        return self._raw

    @property
    def plan_years(self) -> range:
        """The academic years planned."""
        return range(self.years[0], self.years[1] + 1)

    @property
    def phase_list(self) -> tuple[Phase, ...]:
        """The phases in order, youngest first."""
        return year_group_phases() if self.phases == "year_groups" else school_phases(self.phases)

    def stay_share(self, phase: Phase) -> float:
        """σ: share of the children in `phase` who are still in it a year later."""
        stay = self.continuity.stay
        default = (phase.year_groups - 1) / phase.year_groups
        return stay.get(phase.code, stay.get(phase.school_phase, default) if phase.year_groups > 1 else default)

    def through_share(self, phase: Phase) -> float:
        """θ: share of those who finish `phase` and stay on in a line that takes the next phase too."""
        through = self.continuity.through
        if isinstance(through, float):
            return 1.0 if phase.ends_inside_school_phase and self.phases == "year_groups" else through
        if phase.code in through:
            return through[phase.code]
        if phase.ends_inside_school_phase:
            return 1.0
        return through.get(phase.school_phase, default_through(phase.school_phase))

    def mainstream_shares(self) -> dict[tuple[str, str], float]:
        """Need and phase → share of these children who could be taught in an ordinary class with a package; those of
        whom nobody could are left out.
        """
        shares = {
            (need, phase.code): self.continuity.mainstream_share(need, phase.code, phase.school_phase)
            for need in NEEDS
            for phase in self.phase_list
        }
        return {kind: share for kind, share in shares.items() if share > 0}

    def limit_minutes(self, phase: Phase) -> float | None:
        """The journey limit of `phase`, minutes one way; None where there is none."""
        limits = self.travel.limit_minutes
        return limits.get(phase.code, limits.get(phase.school_phase))

    def type_label(self, code: str) -> str:
        """The words for a setting type in outputs."""
        return self.labels.types.get(code, SETTING_TYPES.get(code, code))

    def need_label(self, code: str) -> str:
        """The words for a primary need in outputs."""
        return self.labels.needs.get(code, NEEDS.get(code, code))

    def phase_label(self, code: str) -> str:
        """The words for a phase in outputs."""
        if self.phases == "year_groups" and code.lstrip("-").isdigit():
            return "Reception" if code == "0" else f"Year {code}" if int(code) > 0 else f"Age {int(code) + 4}"
        return self.labels.phases.get(code, PHASE_LABELS.get(code, code.replace("_", " ").capitalize()))
