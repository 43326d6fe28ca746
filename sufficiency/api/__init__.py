"""The pipeline: the only place that calls the rooms in order. A name is imported on first use, so that a command waits
only for what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sufficiency.api.asking import Opening, Session, session
    from sufficiency.api.checking import inspect, near
    from sufficiency.api.comparing import compare, compare_to_folder
    from sufficiency.api.drawing import MapsDrawn, maps_to_folder
    from sufficiency.api.forecasting import ForecastMade, forecast_folder_of, forecast_to_folder
    from sufficiency.api.planning import plan_to_folder, result_folder, solve
    from sufficiency.api.publishing import Published, publish_to_folder
    from sufficiency.api.reading import read
    from sufficiency.api.reporting import ReportMade, report_to_folder
    from sufficiency.api.september import save_september, september_view
    from sufficiency.api.starting import start, start_from_open_data
    from sufficiency.api.studies import frontier_to_folder, setting_worth_to_folder, setting_worths
    from sufficiency.api.sweeping import SweepMade, sweep_to_folder
    from sufficiency.api.travelling import journeys_of
    from sufficiency.deadline import Stop, ctrl_c_asks
    from sufficiency.report.screens.compare import compare_screen, compare_summary
    from sufficiency.report.screens.frontier import frontier_screen
    from sufficiency.report.screens.plan import appraisal_screen, screen
    from sufficiency.report.screens.september import september_screen
    from sufficiency.report.screens.sweep import sweep_screen
    from sufficiency.report.screens.worth import worth_document, worth_screen
    from sufficiency.result.folder import load

__all__ = [
    "ForecastMade",
    "MapsDrawn",
    "Opening",
    "Published",
    "ReportMade",
    "Session",
    "Stop",
    "SweepMade",
    "appraisal_screen",
    "compare",
    "compare_screen",
    "compare_summary",
    "compare_to_folder",
    "ctrl_c_asks",
    "forecast_folder_of",
    "forecast_to_folder",
    "frontier_screen",
    "frontier_to_folder",
    "inspect",
    "journeys_of",
    "load",
    "maps_to_folder",
    "near",
    "plan_to_folder",
    "publish_to_folder",
    "read",
    "report_to_folder",
    "result_folder",
    "save_september",
    "screen",
    "september_screen",
    "september_view",
    "session",
    "setting_worth_to_folder",
    "setting_worths",
    "solve",
    "start",
    "start_from_open_data",
    "sweep_screen",
    "sweep_to_folder",
    "worth_document",
    "worth_screen",
]

_HOME = {
    "Opening": "sufficiency.api.asking",
    "Session": "sufficiency.api.asking",
    "session": "sufficiency.api.asking",
    "inspect": "sufficiency.api.checking",
    "near": "sufficiency.api.checking",
    "compare": "sufficiency.api.comparing",
    "compare_to_folder": "sufficiency.api.comparing",
    "MapsDrawn": "sufficiency.api.drawing",
    "maps_to_folder": "sufficiency.api.drawing",
    "ForecastMade": "sufficiency.api.forecasting",
    "forecast_folder_of": "sufficiency.api.forecasting",
    "forecast_to_folder": "sufficiency.api.forecasting",
    "plan_to_folder": "sufficiency.api.planning",
    "result_folder": "sufficiency.api.planning",
    "solve": "sufficiency.api.planning",
    "Published": "sufficiency.api.publishing",
    "publish_to_folder": "sufficiency.api.publishing",
    "read": "sufficiency.api.reading",
    "ReportMade": "sufficiency.api.reporting",
    "report_to_folder": "sufficiency.api.reporting",
    "save_september": "sufficiency.api.september",
    "september_view": "sufficiency.api.september",
    "start": "sufficiency.api.starting",
    "start_from_open_data": "sufficiency.api.starting",
    "frontier_to_folder": "sufficiency.api.studies",
    "setting_worth_to_folder": "sufficiency.api.studies",
    "setting_worths": "sufficiency.api.studies",
    "SweepMade": "sufficiency.api.sweeping",
    "sweep_to_folder": "sufficiency.api.sweeping",
    "journeys_of": "sufficiency.api.travelling",
    "Stop": "sufficiency.deadline",
    "ctrl_c_asks": "sufficiency.deadline",
    "compare_screen": "sufficiency.report.screens.compare",
    "compare_summary": "sufficiency.report.screens.compare",
    "frontier_screen": "sufficiency.report.screens.frontier",
    "appraisal_screen": "sufficiency.report.screens.plan",
    "screen": "sufficiency.report.screens.plan",
    "september_screen": "sufficiency.report.screens.september",
    "sweep_screen": "sufficiency.report.screens.sweep",
    "worth_document": "sufficiency.report.screens.worth",
    "worth_screen": "sufficiency.report.screens.worth",
    "load": "sufficiency.result.folder",
}
"""Which module each name is imported from."""


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sufficiency.api' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
