"""`summary.json` of a forecast: what was forecast, from what, and the headline figures."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

import sufficiency
from sufficiency.caches import file_hash
from sufficiency.forecast.inputs import Inputs
from sufficiency.forecast.run import DemandForecast
from sufficiency.result.summary import described

PACKAGES = ("numpy", "pandas")


def forecast_summary(
    inputs: Inputs,
    made: DemandForecast,
    scenario: str,
    errors: pd.DataFrame | None,
    outlooks: pd.DataFrame,
    requests_say: float,
) -> dict[str, Any]:
    """The summary of a forecast; `errors` where it was tried on the past; `requests_say` the logarithm of what requests
    make of plans three years on.
    """
    model, choice = inputs.model, inputs.choice
    files = {"model": model.path, **inputs.files}
    return {
        **described(model, scenario),
        "forecast": choice.model_dump(mode="json"),
        "history_years": list(inputs.years),
        "joining_growth": made.growth,
        "own_share_of_growth": made.own_growth,
        "requests_effect": float(np.expm1(requests_say)),
        "outlooks": outlooks.to_dict("records"),
        "plans": _headline(made.plans),
        "children": _headline(made.levels) or made.demand.groupby("year")["children"].sum().to_dict(),
        "errors": [] if errors is None else errors.to_dict("records"),
        "warnings": [str(problem) for problem in inputs.notes],
        "versions": {"sufficiency": sufficiency.__version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
        "inputs": {
            name: {"file": path.name, "sha256": file_hash(path)} for name, path in files.items() if path.is_file()
        },
    }


def _headline(levels: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Mean and percentiles of the whole authority by year."""
    if levels.empty:
        return {}
    rows = levels[levels["level"] == "authority"].set_index("year")[["mean", "p05", "p50", "p95"]]
    return {str(year): {str(name): float(count) for name, count in row.items()} for year, row in rows.iterrows()}
