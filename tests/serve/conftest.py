"""The toy served once for all tests of a file that only add to what was done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.serve.sitting import Served, toy_desk

    folder: Path = tmp_path_factory.mktemp("explore")
    with Served(toy_desk(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def unplanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same with a planner that never begins: for what does not need a plan."""
    from tests.serve.sitting import Served, toy_desk

    desk = toy_desk(tmp_path_factory.mktemp("explore"))
    desk.planner.start = desk.planner.close = lambda: None  # type: ignore[method-assign]
    with Served(desk) as running:
        yield running
