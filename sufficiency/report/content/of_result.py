"""What every view of a result says of it: its summary and its years."""

from __future__ import annotations

from typing import Any

from sufficiency.result import Result


class OfResult:
    """A view of a `result`."""

    result: Result

    @property
    def summary(self) -> dict[str, Any]:
        """What `summary.json` holds."""
        return self.result.summary

    @property
    def base_year(self) -> int:
        """The last known academic year, which the plan starts from."""
        return int(self.summary["base_year"])

    @property
    def years(self) -> range:
        """The years of the plan."""
        first, last = self.summary["years"]
        return range(int(first), int(last) + 1)
