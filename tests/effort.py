"""How much Python a call runs: the same on every machine, however busy, and telling of any loop over rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_run(call: Callable[[], object]) -> int:
    """How many lines of Python a call runs, its own and those of libraries; every turn of a loop counts. Called once
    before that, so that what a first call loads does not count.
    """
    call()
    count = 0

    def traced(frame: FrameType, event: str, detail: Any) -> Any:
        nonlocal count
        count += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        call()
    finally:
        sys.settrace(before)
    return count
