"""The pipeline: the only place that calls the rooms in order."""

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
