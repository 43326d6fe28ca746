"""Writes the CSV tables of the toy model that are too long to type: demand and travel."""

from __future__ import annotations

import math
from pathlib import Path

HERE = Path(__file__).parent
AREAS = {"N1": (402_500, 302_500), "N2": (407_500, 302_500), "S1": (405_000, 297_500)}
SETTINGS = {
    "100001": (402_000, 303_000),
    "100002": (408_000, 303_500),
    "100003": (405_500, 298_000),
    "100004": (404_500, 297_000),
}
CHILDREN = {  # base year, and growth a year
    ("ASD", "primary"): ({"N1": 8, "N2": 7, "S1": 9}, 0.5),
    ("ASD", "secondary"): ({"N1": 6, "N2": 6, "S1": 8}, 0.5),
    ("SEMH", "primary"): ({"N1": 3, "N2": 4, "S1": 3}, 0.25),
    ("SEMH", "secondary"): ({"N1": 5, "N2": 4, "S1": 6}, 0.25),
    ("SEMH", "post_16"): ({"N1": 2, "N2": 0, "S1": 2}, 0.0),
}


def main() -> None:
    rows = ["area,need,phase,year,children"]
    for (need, phase), (by_area, growth) in CHILDREN.items():
        for area, base in by_area.items():
            rows += [f"{area},{need},{phase},{year},{base + growth * (year - 2025):g}" for year in range(2025, 2029)]
    (HERE / "demand.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["area,setting,minutes,km"]
    for area, (x, y) in AREAS.items():
        for setting, (to_x, to_y) in SETTINGS.items():
            km = 1.3 * math.hypot(x - to_x, y - to_y) / 1000
            rows.append(f"{area},{setting},{5 + 1.5 * km:.1f},{km:.2f}")
    (HERE / "travel.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
