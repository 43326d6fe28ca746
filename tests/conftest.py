"""What every test may use: engines that may be absent, and how random tests run."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") or os.environ.get("SUFFICIENCY_REQUIRE") else "here")

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
