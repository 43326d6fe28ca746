"""The model file: one TOML document that names a planner's tables and says how to plan.

The docstrings of the fields are the reference that users read; every default states its source here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from sufficiency.codes import NEEDS, PHASE_LABELS, SCHOOL_PHASES, SETTING_TYPES, normal_code
from sufficiency.fields import (
    Amount,
    Factor,
    FactorByYear,
    Flag,
    Growth,
    Ncy,
    Need,
    Number,
    Plain,
    Section,
    SettingType,
    Share,
    ShareByYear,
    Year,
)
from sufficiency.phases import Phase, default_through, school_phases, year_group_phases
from sufficiency.policy import FairnessRule, JourneyRules, LocalityRule, Rule, ScopedRule, ShareRule
from sufficiency.problems import did_you_mean, shown

TRANSPORTED_SHARE: dict[str, float] = {
    "resource_base": 0.5,
    "special_school": 0.8,
    "special_free_school": 0.8,
    "alternative_provision": 0.5,
    "independent": 0.9,
    "non_maintained": 0.9,
    "eotas": 0.0,
    "home_education": 0.0,
    "college": 0.3,
    "specialist_post_16": 0.6,
    "hospital": 0.0,
    "early_years": 0.3,
    "mainstream": 0.2,
    "other": 0.5,
}
"""Assumption: one council transports about half of all children with a plan (Bath and North East Somerset,
2024/25); the split by type is this project's judgement. Give your own.
"""

JOURNEY_GUIDELINE: dict[str, float] = {"primary": 45.0, "secondary": 75.0}
"""Minutes one way, door to door: DfE, Travel to school for children of compulsory school age (2024), a guideline
and no cap.
"""


class TablePaths(Section):
    """Where the tables are, relative to the model file. `book.xlsx#sheet` and `map.gpkg#layer` name one sheet or
    layer.
    """

    areas: str
    demand: str
    settings: str
    places: str
    costs: str
    placements: str | None = None
    options: str | None = None
    travel: str | None = None
    budget: str | None = None
    other_spend: str | None = None
    history: str | None = None
    population: str | None = None
    new_plans: str | None = None
    ceased_plans: str | None = None
    housing: str | None = None


class Forecast(Section):
    """How demand is made from a history of EHC plans. Where this section is given, even empty, `plan` uses the
    forecast: the history is the table `history`, or, without one, what `demand` names.
    """

    reads: Literal["history", "witan"] = "history"
    """`history`, or `witan`: `demand` names an `Output_AY_State.csv` of Witan SEND, and the paths are that model's."""
    outlook: Literal["trend", "stabilise", "reform"] = "trend"
    """`trend`: joining goes on growing, damped. `stabilise`: it stays as it is now. `reform`: plans follow the path
    that DfE expects of its reforms (5.3 % of pupils in 2024/25, 7.7 % in 2029/30, 4.7 % in 2034/35), nobody losing a
    plan for it.
    """
    counts: Literal["plans", "specialist"] = "plans"
    """What the history counts: all EHC plans, or only the children who need a specialist place."""
    joining_growth: Annotated[float, Field(ge=-0.5, le=0.5)] | None = None
    """Growth of the joining rate in the first year (0.05: 5 %). Default: your own, pooled with England's."""
    specialist_share: dict[Need, Share] = {}
    """Share of the plans of a need that need a specialist place in the base year. Default: your placements, pooled with
    England's shares by need and age.
    """
    specialist_drift: Annotated[float, Field(ge=-0.2, le=0.2)] = -0.04
    """Yearly change of that share, fading. Default: special schools held 38.6 % of England's plans in 2019 and 30.4 %
    in 2025 (DfE), 4 % a year less.
    """
    inclusion: ShareByYear = 0.0
    """Share of the children who would need a specialist place that ordinary classes meet instead, a number or one by
    first year.
    """
    inclusion_needs: list[Need] = []
    """Needs that `inclusion` is about; none means all."""
    inclusion_phases: list[str] = []
    """Phases that `inclusion` is about; none means all."""
    plans_per_home: Amount = 0.02
    """Children with a plan in a new home. Assumption: half a child a home, of whom 4 % have a plan (DfE, pupil
    yields).
    """
    paths: Annotated[int, Field(ge=100, le=20_000)] = 1_000
    """Simulated paths."""
    seed: Annotated[int, Field(ge=0)] = 0
    """The same seed gives the same figures."""
    specialist_settings: list[str] = []
    """Settings of a Witan SEND output that count as specialist places; none means all."""
    january: bool = True
    """Whether a calendar year of a Witan SEND output is that of a January count (2026: 2025/26)."""


class Continuity(Section):
    """Who stays where they are."""

    stay: dict[str, Share] = {}
    """Share of children who stay in the same phase the next year. Default: (year groups − 1) / year groups of the
    phase.
    """
    through: Share | dict[str, Share] = {}
    """Share of those who finish a phase and stay on in the same line where it also takes the next phase. Default,
    an assumption: early years 0.8, primary 0.95, secondary 0.6, post-16 0.05; and 1 where a phase ends in the
    middle of a school phase.
    """
    preference_share: ShareByYear = 0.5
    """Share of those free to choose who follow today's pattern, a number or one by first year. Assumption: a named
    preference is hard to refuse (Children and Families Act 2014, s.38–40).
    """
    by_pattern: list[SettingType] = ["eotas", "home_education"]
    """Types that are never chosen by the optimiser: entrants follow today's pattern into them."""
    pattern_factors: dict[SettingType, FactorByYear] = {}
    """Factor on the share of entrants of a `by_pattern` type, a number or one by first year (1: as today)."""
    step_down: Share = 0.0
    """Share of the demand at level `special` that may also be met at level `base`."""
    clean_slate: Flag = False
    """Place every child afresh every year: a bound on what moving children could save, not a plan that can be
    delivered.
    """


class Travel(Section):
    """Journeys and what they cost."""

    method: Literal["straight_line", "matrix", "osrm"] = "straight_line"
    """`straight_line`, `matrix` (the travel table), or `osrm` (roads; an extra)."""
    detour: Annotated[float, Field(ge=1, le=5), Number] | None = None
    """Road km for one km in a straight line. Default: the calibrated figure."""
    speed_factor: Annotated[float, Field(gt=0, le=5), Number] | None = None
    """1 is the calibrated speed, 0.8 is a fifth slower."""
    fixed_per_child: Amount = 3_000.0
    """£ a transported child a year, whatever the distance."""
    pounds_per_km: Amount = 2.4
    """£ a vehicle km. With the defaults a child 9 miles away costs about £8,500 a year (NAO 2025: £8,116; LGA/Isos:
    £8,900).
    """
    days: Annotated[float, Field(ge=0, le=366), Number] = 190.0
    """School days a year."""
    trips_per_day: Amount = 2.0
    """Journeys a day."""
    children_per_vehicle: Factor = 2.4
    """Children who share a vehicle."""
    transported_share: dict[SettingType, Share] = {}
    """Share of the children at a type of setting whom the authority transports; the rest as sourced by default."""
    limit_minutes: dict[str, Amount] = JOURNEY_GUIDELINE
    """Longest journey by phase, minutes one way. Default: DfE's guideline, 45 primary and 75 secondary; none for
    others.
    """

    def transported(self, setting_type: str) -> float:
        """Share of children at `setting_type` who are transported."""
        return self.transported_share.get(setting_type, TRANSPORTED_SHARE[setting_type])


class Weights(Section):
    """What policy counts for, in base-year £; reported apart from money."""

    awaiting_place: Amount | None = None
    """£ a child-year awaiting a place. Default: twice the dearest place and journey of the model."""
    over_places: Amount = 12_000.0
    """£ a child-year above the places of a line."""
    off_designation: Amount = 15_000.0
    """£ a child-year times (1 − match)."""
    hour_travelled: Amount = 5.0
    """£ an hour a child travels."""
    over_limit: Amount = 0.0
    """£ a child-year whose journey is longer than the limit of its phase."""
    rule_breach: Amount | None = None
    """£ a child-year by which a soft rule is missed. Default: ten times `awaiting_place`."""


class Finance(Section):
    """Money over the years."""

    discount_rate: Annotated[float, Field(ge=0, le=1), Number] | None = None
    """Nominal. Default: 1.035 × (1 + default inflation) − 1 (3.5 % real: HM Treasury, The Green Book)."""
    awaiting_cost: Amount = 0.0
    """£ a child-year of interim provision for those awaiting a place: real money."""
    tail_years: Annotated[int, Field(ge=0, le=60), Number] = 0
    """Years for which the last year's costs are repeated, so that late schemes can pay."""
    overspend: Amount = 0.0
    """£ per £ that a budget line spends above its budget in a financial year, in the objective; 0 only reports. Needs
    the tables `budget` and `other_spend`.
    """
    least_overspend: bool = True
    """Solve once more for the least that budgets could be exceeded by; where `budget` and `other_spend` are given."""
    capital_charge: Share = 0.0
    """Share of capital charged to revenue each year; 0 where capital is grant."""
    capital_budget: Amount | None = None
    """£ of the council's own capital in all, contingency included, not discounted; blank means no limit."""
    capital_contingency: Annotated[float, Field(ge=0, le=1), Number] = 0.0
    """Share added to the capital of every option. Default 0, an assumption: the figures given hold it already."""
    inflation: dict[str, Growth] = {
        "independent": 0.06,
        "transport": 0.04,
        "default": 0.03,
    }
    """By setting type, `transport` for travel, `default` for the rest. The figures shipped are assumptions; give
    your own.
    """
    transport_budget_line: str = "transport"
    """Budget line of travel, in the General Fund and outside the Dedicated Schools Grant (DSG)."""
    opening_dsg_balance: Plain | None = None
    """£ of the DSG at the start of the first plan year (1 April); a deficit is negative."""
    high_needs_block: FactorByYear | None = None
    """£ of the DSG for high needs in a financial year, a number or one by first year. Default: what is budgeted on
    the lines that the DSG pays for.
    """
    stability_grant_share: Share = 0.9
    """High Needs Stability Grant: share of the eligible deficit at the end of 2025-26 (DfE, Explanatory note on the
    government's approach to DSG deficits, 9 February 2026). It takes an approved Local SEND Reform Plan.
    """
    stability_grant_eligible: Amount | None = None
    """£ of the deficit at the end of 2025-26 that is eligible: overspends outside high needs and equal pay claims are
    not. Default: the whole opening deficit, where the plan starts in 2026.
    """
    stability_grant_year: Year = 2026
    """Financial year in which the grant comes. Assumption: 2026-27."""

    @field_validator("inflation")
    @classmethod
    def _known_types(cls, value: dict[str, float]) -> dict[str, float]:
        known = {*SETTING_TYPES, "transport", "default"}
        faults = [
            f"{shown(key)} is not a setting type, transport or default; {did_you_mean(key, known)}"
            for key in value
            if normal_code(key) not in known
        ]
        if faults:
            raise ValueError("\n".join(faults))
        return {normal_code(key): rate for key, rate in value.items()}

    def inflation_of(self, kind: str) -> float:
        """Yearly inflation of a setting type or of `transport`."""
        return self.inflation.get(kind, self.inflation.get("default", 0.03))

    @property
    def discount(self) -> float:
        """The nominal discount rate that holds."""
        if self.discount_rate is not None:
            return self.discount_rate
        return 1.035 * (1 + self.inflation_of("default")) - 1


class Labels(Section):
    """Words in outputs; the codes stay."""

    types: dict[SettingType, str] = {}
    """Words by setting type."""
    needs: dict[Need, str] = {}
    """Words by primary need."""
    phases: dict[str, str] = {}
    """Words by phase."""


class Rules(Section):
    """What the plan must, or should, keep to."""

    share: list[ShareRule] = []
    """Limits on how many children are placed in some types of setting."""
    in_locality: list[LocalityRule] = []
    """Least shares of children placed within their own locality."""
    locality_minutes: JourneyRules = []
    """The mean journey of every locality's children held under a limit; one section, or a list of them."""
    fairness: FairnessRule | None = None
    """How evenly journeys are spread, held under a limit."""
    bases_first: Flag = False
    """Special and AP options take only children whom no base can meet: cells with no base, open or an option, of
    match 0.5 or more within the journey guideline (`bases_first.csv` lists them and says why).
    """
    open_at_most: Annotated[int, Field(ge=0), Number] | None = None
    """Options opened in all; those that may open in part count as the part that opens."""
    hard_journey_limit: Flag = False
    """No entrant is placed beyond `travel.limit_minutes`."""
    reserve: Share = 0.0
    """Share of state-funded places kept free for children who come during the year."""

    @property
    def listed(self) -> list[tuple[str, Rule]]:
        """Every rule with its key in the model file, in a fixed order."""
        found: list[tuple[str, Rule]] = [("share", rule) for rule in self.share]
        found += [("in_locality", rule) for rule in self.in_locality]
        found += [("locality_minutes", rule) for rule in self.locality_minutes]
        return found if self.fairness is None else [*found, ("fairness", self.fairness)]

    @model_validator(mode="after")
    def _names_differ(self) -> Rules:
        names = [rule.name for _, rule in self.listed]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError("\n".join(f"two rules are called {shown(name)}; give each its own name" for name in twice))
        return self


class Solver(Section):
    """When the solver may stop."""

    gap: Annotated[float, Field(ge=0, le=1), Number] = 1e-4
    """Where options make the program integer: the gap at which it may stop, (objective − bound) / (objective − what
    no decision can change).
    """
    seconds: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False), Number] = 600.0
    """Time after which the best plan so far is returned."""
    threads: Annotated[int, Field(ge=1, le=64), Number] = 2
    """Processor cores the solver may use."""


class Edit(Section):
    """A change to the rows of a table that `where` finds."""

    table: str
    """Name of the table."""
    where: dict[str, Any] = {}
    """Which rows: a value matches exactly, a list any of its values, `{ from, to }` an inclusive range."""
    set: dict[str, Any] = {}
    """New values by column."""
    times: dict[str, Plain] = {}
    """Factors by column."""
    plus: dict[str, Plain] = {}
    """Amounts to add by column."""


class Addition(Section):
    """A row to add to a table."""

    table: str
    """Name of the table."""
    row: dict[str, Any]
    """The cells of the new row by column."""


class Removal(Section):
    """Rows to take out of a table."""

    table: str
    """Name of the table."""
    where: dict[str, Any]
    """Which rows, as for an edit."""


class Scenario(Section):
    """Changes to the model and its tables: `set` first, then `edit`, `add` and `remove`."""

    about: str = ""
    """A sentence on what it tries."""
    builds_on: str | None = None
    """A scenario that is applied first."""
    set: dict[str, Any] = {}
    """Keys of the model file to change; tables merge, lists replace."""
    edit: list[Edit] = []
    """Changes to rows."""
    add: list[Addition] = []
    """Rows added."""
    remove: list[Removal] = []
    """Rows taken out."""


class Model(Section):
    """A model: what is planned, for which years, from which tables."""

    name: str = Field(min_length=1)
    """What outputs call it."""
    about: str = ""
    """A sentence on what the model is."""
    fictional: Flag = False
    """Says on every output that the data are made up."""
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
    solver: Solver = Solver()
    scenarios: dict[str, Scenario] = {}

    _path: Path = PrivateAttr(default=Path("model.toml"))
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Model:
        faults = [*self._years_that_do_not_fit(), *_unfit_names(list(self.scenarios)), *self._phases_unknown()]
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


def _unfit_names(scenarios: list[str]) -> Iterator[str]:
    """Names of scenarios that cannot be names of folders, on any system."""
    folded = [name.casefold() for name in scenarios]
    for name in scenarios:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
            yield f"scenarios.{shown(name)}: a scenario's name is a folder's name too; use letters, digits, - and _"
        elif re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", name.casefold()):
            yield f"scenarios.{name}: Windows keeps this name for itself; give the scenario another name"
    if len(set(folded)) < len(folded):
        yield "scenarios: two names differ only in capitals; give each its own"
    if "base" in folded:
        yield "scenarios.base: `base` is the model itself; give the scenario another name"


def by_year(value: float | dict[int, float], year: int, otherwise: float) -> float:
    """The number that holds in `year`: a plain number, or that of the latest year given that is not after it."""
    if not isinstance(value, dict):
        return value
    past = [first for first in value if first <= year]
    return value[max(past)] if past else otherwise
