"""What every test may use: engines that may be absent, and how random tests run."""

from __future__ import annotations

import os
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import settings

CI = bool(os.environ.get("CI") or os.environ.get("SUFFICIENCY_REQUIRE"))
"""Where the same random cases are tried each time, so that a failure is one of the change."""
for name, count in {"few": 10, "some": 40, "all": 100}.items():
    settings.register_profile(name, max_examples=count, deadline=None, derandomize=CI, print_blob=CI)
settings.load_profile(os.environ.get("SUFFICIENCY_EXAMPLES", "few"))
if os.environ.get("SUFFICIENCY_TEXT", "python") == "python":
    # The same type `str`, kept as Python's objects: small tables take a third less time. Two runs of `.ci/run`
    # and every process that a test starts keep it as Arrow's, as users have it.
    pd.options.mode.string_storage = "python"

Require = Callable[[str, bool, str], None]


def required() -> set[str]:
    """What must be there, as SUFFICIENCY_REQUIRE names it: `cbc`, `shared`, … with commas between."""
    return {name.strip() for name in os.environ.get("SUFFICIENCY_REQUIRE", "").split(",") if name.strip()}


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(name, available, reason)`: skip with the reason where `name` is absent, fail where it is required."""

    def needs(name: str, available: bool, reason: str) -> None:
        if available:
            return
        if name in required():
            pytest.fail(f"SUFFICIENCY_REQUIRE names {name}, but {reason}")
        pytest.skip(reason)

    return needs
