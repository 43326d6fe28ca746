"""Whether a folder holds the result of these inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sufficiency import __version__
from sufficiency.api.solving import PENDING
from sufficiency.case import Case
from sufficiency.model.scenarios import BASE
from sufficiency.result.folder import read_summary, tables_of, version_of
from sufficiency.result.summary import input_hashes
from sufficiency.result.swap import recover


def holds_result_of(folder: Path, case: Case) -> bool:
    """Whether a folder holds the whole result of these inputs and this scenario, made by this version."""
    recover(folder)
    summary = read_summary(folder)
    if summary is None or (case.scenario == BASE and summary.get("appraisal") == PENDING):
        return False
    if not all((folder / f"{name}.csv").is_file() for name in tables_of(summary)):
        return False
    return is_made_from(summary, case)


def is_made_from(summary: Mapping[str, Any], case: Case) -> bool:
    """Whether a summary is that of a result of these inputs and this scenario, made by this version."""
    same = summary.get("scenario") == case.scenario and summary.get("inputs") == input_hashes(case)
    return same and version_of(summary) == __version__
