"""What a forecast is made from: read, checked against each other, and laid out as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sufficiency.arrays import Floats, Ints
from sufficiency.codes import UNKNOWN_AREA
from sufficiency.forecast.areas import phases_of
from sufficiency.forecast.asked import requests_used
from sufficiency.forecast.coming import flow, names_needs, new_homes
from sufficiency.forecast.england import NEED_CODES, YEAR_GROUPS
from sufficiency.forecast.grain import AGES, check_grain, spread, year_groups_of
from sufficiency.forecast.population import people
from sufficiency.model import Model
from sufficiency.model.forecast import Forecast
from sufficiency.problems import InputError, Problem, raise_errors
from sufficiency.sources.witan import read_witan, specialist_only
from sufficiency.tables.locate import locate
from sufficiency.tables.naming import spelled, unknown_code
from sufficiency.tables.parse import value_problems
from sufficiency.tables.read import read_table


@dataclass(frozen=True)
class Inputs:
    """Arrays of a forecast. `plans` [year, need, NCY] of the authority in `years`; `cells` [year, area, need, NCY]
    where the history has areas; `people` [year, NCY] in `years` and those to come, `counted` where a population is
    known; `placed` [area, kind, phase] children placed or waiting in the base year, or None; `kinds` are (need,
    level) pairs; `imported` [year, need, NCY] children by another forecaster, from the base year on; `groups` [NCY]
    the ages that the history tells apart; `new_plans`, `ceased` [year, NCY] plans begun and ended before each count;
    `new_needs` [year, need, NCY] plans begun where every row of them names its need.
    """

    model: Model
    choice: Forecast
    areas: tuple[str, ...]
    localities: tuple[str, ...]
    years: tuple[int, ...]
    plans: Floats
    cells: Floats | None
    groups: Ints
    people: Floats
    counted: bool
    young: Floats | None
    new_plans: Floats | None
    new_needs: Floats | None
    ceased: Floats | None
    homes: Floats
    kinds: tuple[tuple[str, str], ...]
    placed: Floats | None
    imported: Floats | None
    notes: tuple[Problem, ...]
    files: dict[str, Path]

    @property
    def ahead(self) -> tuple[int, ...]:
        """The years to come: after the last year of history, to the end of the plan."""
        return tuple(range(self.years[-1] + 1, self.model.years[1] + 1))

    @property
    def phase_of(self) -> Ints:
        """[NCY] position of the phase of each year group."""
        return phases_of(YEAR_GROUPS, [(phase.first, phase.last) for phase in self.model.phase_list])

    def until(self, position: int) -> Inputs:
        """What was known at `years[position]`: a forecast of plans from it, for a back-test."""
        length = position + 1
        return replace(
            self,
            model=self.model.model_copy(
                update={"base_year": self.years[position], "years": (self.years[position] + 1, self.years[-1])}
            ),
            choice=self.choice.model_copy(update={"counts": "specialist", "outlook": "trend", "inclusion": 0.0}),
            years=self.years[:length],
            plans=self.plans[:length],
            cells=None if self.cells is None else self.cells[:length],
            new_plans=None if self.new_plans is None else self.new_plans[:length],
            new_needs=None if self.new_needs is None else self.new_needs[:length],
            ceased=None if self.ceased is None else self.ceased[:length],
            people=self.people[: len(self.years)],
            homes=np.zeros((len(self.years) - length, self.homes.shape[1])),
            kinds=tuple(dict.fromkeys((need, "") for need, _ in self.kinds)),
            placed=None,
        )


def choice_of(model: Model) -> Forecast:
    """The [forecast] section, or its defaults."""
    return model.forecast or Forecast()


def history_key(model: Model) -> str:
    """The key of [tables] that names the history."""
    if model.tables.history is not None:
        return "history"
    if model.forecast is not None:
        return "demand"
    what = "the model names no history to forecast from"
    fix = 'add history = "…" to [tables], or a [forecast] section where demand is the history'
    raise InputError([Problem(what, model.path.name, fix=fix)])


def read_inputs(model: Model) -> Inputs:
    """Read everything a forecast needs. Raises InputError with every problem of every table."""
    frames, files, problems = _read(model)
    areas, localities, called = _areas(frames["areas"])
    for name, frame in frames.items():
        if name != "areas" and "area" in frame.columns:
            frames[name] = frame.assign(area=spelled(frame["area"], [*areas, UNKNOWN_AREA], called))
            problems += _unknown_areas(frames[name], areas, called, files[name].name)
    if any((frame["area"] == UNKNOWN_AREA).any() for frame in frames.values() if "area" in frame.columns):
        areas, localities = (*areas, UNKNOWN_AREA), (*localities, "")
    if choice_of(model).reads == "witan":
        imported, files["demand"] = _witan(model)
        raise_errors(problems)
        years, whole, groups = _base_year_only(imported, model)
    else:
        imported = None
        years, whole, groups = _history(frames["history"], files["history"].name, areas, model, problems)
    by_area = whole[:, :-1]
    kinds, placed = _placed(frames.get("placements"), areas, model, whole.sum(axis=(0, 1, 3)))
    choice, unused = requests_used(choice_of(model), years[-1], model.path.name)
    problems += unused
    ahead = range(years[-1] + 1, model.years[1] + 1)
    known, young = people(frames.get("population"), areas, [*years, *ahead])
    begun, ended = (flow(frames.get(table), years, model) for table in ("new_plans", "ceased_plans"))
    return Inputs(
        model=model,
        choice=choice,
        areas=areas,
        localities=localities,
        years=years,
        plans=whole.sum(axis=1),
        cells=by_area if by_area.any() else None,
        groups=groups,
        people=known,
        counted="population" in frames,
        young=young,
        new_plans=None if begun is None else begun.sum(axis=1),
        new_needs=begun if names_needs(frames.get("new_plans")) else None,
        ceased=None if ended is None else ended.sum(axis=1),
        homes=new_homes(frames.get("housing"), areas, ahead, choice_of(model)),
        kinds=kinds,
        placed=placed,
        imported=imported,
        notes=tuple(problem for problem in problems if problem.severity == "warning"),
        files=files,
    )


def _history(
    history: pd.DataFrame, file: str, areas: tuple[str, ...], model: Model, problems: list[Problem]
) -> tuple[tuple[int, ...], Floats, Ints]:
    """The years of a history, its plans [year, area, need, NCY] and the ages it tells apart. Raises InputError where it
    cannot be used, with `problems` found before; adds to them what is only said.
    """
    problems += check_grain(history, file, model.phase_list)
    later = history["year"] > model.base_year
    if later.any():
        row, count = int(history.index[later][0]), int(later.sum())
        what = f"rows after the base year {model.base_year} are not used"
        problems.append(Problem(what, file, row, "year", severity="warning", count=count))
    past = history[~later]
    if past.empty:
        what = f"the history has no row up to {model.base_year}"
        problems.append(Problem(what, file, fix="check base_year and the years"))
    raise_errors(problems)
    years = tuple(range(int(past["year"].min()), int(past["year"].max()) + 1))
    if years[-1] < model.base_year:
        what = f"the history ends in {years[-1]}: {model.base_year} is forecast too"
        problems.append(
            Problem(what, file, column="year", severity="warning", fix=f"add the plans of {model.base_year}")
        )
    whole = spread(past, areas, years, model.phase_list)
    if not whole[-1].any():
        raise InputError([*problems, Problem(f"nobody has a plan in {years[-1]}", file, fix="check the last year")])
    return years, _without_gaps(whole, past, years, problems, file), _groups(past, model)


def _base_year_only(imported: Floats, model: Model) -> tuple[tuple[int, ...], Floats, Ints]:
    """What another forecaster tells of the base year, in the place of a history."""
    return (model.base_year,), imported[:1, None], np.asarray(YEAR_GROUPS - YEAR_GROUPS[0], dtype=np.int64)


def _witan(model: Model) -> tuple[Floats, Path]:
    """[year, need, NCY] children of the base year and the plan years by Witan SEND, and its file."""
    located = locate(model, "demand")
    choice = choice_of(model)
    states = specialist_only(read_witan(located.path), choice.specialist_settings, located.called)
    years = range(model.base_year, model.years[1] + 1)
    september = states["year"] - int(choice.january)
    missing = [year for year in years if year not in set(september)]
    if missing:
        wanted = ", ".join(str(year + int(choice.january)) for year in missing)
        fix = "run Witan SEND for more years, or change years; forecast.january says which September a year means"
        raise InputError(
            [Problem(f"the file has no calendar year {wanted}", located.called, column="calendar-year", fix=fix)]
        )
    rows = states[september.isin(list(years))]
    out = np.zeros((len(years), len(NEED_CODES), len(YEAR_GROUPS)))
    need = pd.Index(NEED_CODES).get_indexer(pd.Index(rows["need"]))
    place = (september[rows.index].to_numpy() - years[0], need, rows["ncy"].to_numpy() - YEAR_GROUPS[0])
    np.add.at(out, place, rows["children"].to_numpy())
    return out, located.path


def _read(model: Model) -> tuple[dict[str, pd.DataFrame], dict[str, Path], list[Problem]]:
    named = {"areas": "areas"}
    if choice_of(model).reads == "history":
        named["history"] = history_key(model)
    optional = ("placements", "population", "new_plans", "ceased_plans", "housing")
    named |= {name: name for name in optional if getattr(model.tables, name) is not None}
    frames: dict[str, pd.DataFrame] = {}
    files: dict[str, Path] = {}
    problems: list[Problem] = []
    for table, key in named.items():
        try:
            parsed, files[table] = read_table(model, table, key)
        except InputError as error:
            problems += error.problems
            continue
        frames[table] = parsed.frame
        problems += parsed.problems
    raise_errors(problems)
    return frames, files, [problem for problem in problems if problem.file != files["areas"].name]


def _areas(frame: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Codes, localities and names of the areas."""
    first = frame.drop_duplicates("area")
    return tuple(first["area"]), tuple(first["locality"]), tuple(first["name"])


def _unknown_areas(frame: pd.DataFrame, areas: tuple[str, ...], called: tuple[str, ...], file: str) -> list[Problem]:
    strange = frame["area"][~frame["area"].isin([*areas, "", UNKNOWN_AREA])]
    fix = lambda code: unknown_code(code, areas, called)  # noqa: E731
    return value_problems("there is no such area", strange, file, "area", fix)


def _without_gaps(
    plans: Floats, past: pd.DataFrame, years: tuple[int, ...], problems: list[Problem], file: str
) -> Floats:
    """Years without any row lie on the straight line between their neighbours, and that is said."""
    there = np.isin(years, past["year"].unique())
    if there.all():
        return plans
    missing = [year for year, known in zip(years, there, strict=True) if not known]
    what = f"the history has no rows for {', '.join(map(str, missing))}: filled in from the years before and after"
    problems.append(Problem(what, file, column="year", severity="warning", fix="add those years"))
    filled = plans.copy()
    known = np.flatnonzero(there)
    for gap in np.flatnonzero(~there):
        before, after = known[known < gap][-1], known[known > gap][0]
        share = (gap - before) / (after - before)
        filled[gap] = plans[before] * (1 - share) + plans[after] * share
    return filled


def _groups(past: pd.DataFrame, model: Model) -> Ints:
    """[NCY] the ages that the coarsest rows of the history tell apart."""
    spans = {year_groups_of(row, model.phase_list) for row in past.drop_duplicates(list(AGES)).itertuples()}
    starts = sorted({first for first, _ in filter(None, spans)} | {last + 1 for _, last in filter(None, spans)})
    wide = [span for span in filter(None, spans) if span[1] > span[0]]
    cuts = [cut for cut in starts if not any(first < cut <= last for first, last in wide)]
    return np.searchsorted(np.array(sorted({int(YEAR_GROUPS[0]), *cuts})), YEAR_GROUPS, side="right") - 1


def _placed(
    placements: pd.DataFrame | None, areas: tuple[str, ...], model: Model, per_need: Floats
) -> tuple[tuple[tuple[str, str], ...], Floats | None]:
    """The kinds of children, (need, level), and where they are in the base year [area, kind, phase]."""
    needs = {need for need, count in zip(NEED_CODES, per_need, strict=True) if count > 0}
    without_level = {(need, "") for need in needs}
    if placements is None:
        return tuple(sorted(without_level, key=_order)), None
    given = set(zip(placements["need"], placements["level"], strict=True))
    levels = {need for need, level in given if level}
    kinds = tuple(sorted(given | {one for one in without_level if one[0] not in levels}, key=_order))
    phases = [phase.code for phase in model.phase_list]
    out = np.zeros((len(areas), len(kinds), len(phases)))
    place = pd.Index(areas).get_indexer(pd.Index(placements["area"]))
    kind = pd.MultiIndex.from_tuples(kinds).get_indexer(pd.MultiIndex.from_frame(placements[["need", "level"]]))
    np.add.at(out, (place, kind, pd.Index(phases).get_indexer(pd.Index(placements["phase"]))), placements["children"])
    return kinds, out


def _order(kind: tuple[str, str]) -> tuple[int, str]:
    return NEED_CODES.index(kind[0]), kind[1]
