"""Demand forecast and saved on its own, with its errors on the past."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sufficiency.model_file import read_model
from sufficiency.problems import Problem
from sufficiency.progress import Progress, silent
from sufficiency.scenarios import scenario_model


@dataclass(frozen=True)
class ForecastMade:
    """Where a forecast went, its summary, and what to show on the screen."""

    folder: Path
    summary: dict[str, Any]
    shown: str


def forecast_folder_of(path: str | Path, scenario: str = "base") -> Path:
    """Where a model's forecasts go by default: `results/<model>/<scenario>-forecast`, beside the plan's own folder."""
    return Path("results") / Path(path).stem / f"{scenario}-forecast"


def forecast_to_folder(
    path: str | Path,
    scenario: str = "base",
    folder: Path | None = None,
    backtest: bool = False,
    parquet: bool = False,
    progress: Progress = silent,
    warn: Callable[[Sequence[Problem]], object] | None = None,
) -> ForecastMade:
    """Forecast demand of a model and save it: tables, plots and, with `backtest`, its errors on the past.

    Raises InputError before anything is forecast where the folder cannot be used.
    """
    from sufficiency.forecast import backtest as tried
    from sufficiency.forecast.doubts import too_many_plans
    from sufficiency.forecast.inputs import read_inputs
    from sufficiency.forecast.levels import history_levels
    from sufficiency.forecast.run import by_outlook, forecast, requests_say
    from sufficiency.forecast.scores import better_rivals, scored, with_chance
    from sufficiency.report.charts.fans import draw_fans
    from sufficiency.report.screens.forecast import errors_screen, forecast_screen
    from sufficiency.result.forecast_folder import forecast_folder, refuse_unusable_for_forecast, write_forecast
    from sufficiency.result.forecast_summary import forecast_summary

    model = scenario_model(read_model(path), scenario)
    target = folder or forecast_folder_of(path, scenario)
    refuse_unusable_for_forecast(target)
    progress("Read", model.name)
    inputs = read_inputs(model)
    inputs = replace(inputs, notes=(*inputs.notes, *too_many_plans(inputs)))
    if warn is not None:
        warn(inputs.notes)
    made = forecast(inputs, progress)
    made_tables = {"demand": made.demand, "levels": made.levels, "plans": made.plans, "rates": made.rates}
    made_tables["outlooks"] = by_outlook(inputs)
    tables = {name: frame for name, frame in made_tables.items() if len(frame)}
    says = requests_say(inputs) if len(made.plans) else 0.0
    shown = forecast_screen(model, made.levels, made.plans, made.growth, made.own_growth, made_tables["outlooks"], says)
    if backtest:
        outcomes = tried.council_outcomes(inputs, progress)
        tables["errors"] = with_chance(scored(outcomes), outcomes)
        lost = tried.lost_to(tables["errors"], inputs.files["history"].name)
        inputs = replace(inputs, notes=(*inputs.notes, *lost))
        if warn is not None:
            warn(lost)
        tables["backtest"] = outcomes.rename(columns={"name": "which"})
        shown += "\n\n" + errors_screen(tables["errors"], better_rivals(tables["errors"]))
    summary = forecast_summary(inputs, made, scenario, tables.get("errors"), made_tables["outlooks"], says)
    progress("Save", str(target))
    with forecast_folder(target) as new:
        write_forecast(tables, summary, new, parquet=parquet)
        if len(made.plans):
            draw_fans(model, history_levels(inputs), made.plans, made.levels, new)
    return ForecastMade(target, summary, shown)
