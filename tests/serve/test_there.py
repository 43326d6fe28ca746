"""The extra `explore` is there where it is asked for."""

from __future__ import annotations

from importlib.util import find_spec

from ..conftest import Require


def test_the_extra_is_installed(require: Require) -> None:
    missing = [name for name in ("starlette", "uvicorn", "tomlkit") if find_spec(name) is None]
    require("explore", not missing, f"{', '.join(missing)} of the extra `explore` is not installed")
