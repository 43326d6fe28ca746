"""Plan places for children with special educational needs and disabilities (SEND).

import sufficiency as sf
case = sf.read("models/saltmere.toml")
result = sf.solve(case)
result.placements
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["InputError", "__version__", "compare", "forecast", "load", "read", "session", "solve"]

if TYPE_CHECKING:
    from sufficiency import forecast
    from sufficiency.api import compare, load, read, session, solve
    from sufficiency.problems import InputError


def __getattr__(name: str) -> Any:
    """Import on first use, so that `sufficiency --help` does not wait for pandas."""
    if name == "InputError":
        from sufficiency.problems import InputError

        return InputError
    if name in {"compare", "load", "read", "session", "solve"}:
        from sufficiency import api

        return getattr(api, name)
    if name == "forecast":
        from importlib import import_module

        return import_module("sufficiency.forecast")
    raise AttributeError(f"module 'sufficiency' has no attribute {name!r}")
