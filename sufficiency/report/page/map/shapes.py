"""Shapes of settings by type, of the same area for the same number of places."""

from __future__ import annotations

import math

from sufficiency.report.maps.style import STRETCH, type_style

_SIDES: dict[str, tuple[int, float]] = {
    "^": (3, -90),
    "v": (3, 90),
    "<": (3, 180),
    ">": (3, 0),
    "s": (4, 45),
    "D": (4, 0),
    "d": (4, 0),
}
_SIDES |= {"p": (5, -90), "h": (6, -90), "8": (8, 22.5)}


def shape_path(code: str) -> str:
    """The outline of a type's shape about 0, as large as a circle of radius 1."""
    marker = type_style(code).marker
    reach = STRETCH.get(marker, 1.0)
    if marker == "o":
        return "M-1,0a1,1 0 1 0 2,0a1,1 0 1 0 -2,0z"
    if marker == "*":
        turns: list[tuple[float, float]] = [(reach if i % 2 == 0 else reach * 0.42, -90 + 36 * i) for i in range(10)]
    elif marker in ("P", "X"):
        turned = 0 if marker == "P" else 45
        arm, far = 0.42, math.hypot(0.42, 1.0)
        wide, near = math.degrees(math.atan2(arm, 1.0)), math.hypot(arm, arm)
        turns = []
        for quarter in range(4):
            at = turned + 90 * quarter
            turns += [(far, at - wide), (far, at + wide), (near, at + 45)]
    else:
        sides, first = _SIDES.get(marker, (4, 45))
        fit = {3: 1.28, 4: 1.25, 5: 1.15, 6: 1.1, 8: 1.05}[sides]
        turns = [(fit, first + 360 * i / sides) for i in range(sides)]
    points = [
        (round(r * math.cos(math.radians(a)), 2) + 0.0, round(r * math.sin(math.radians(a)), 2) + 0.0) for r, a in turns
    ]
    return path_of_fine(points)


def path_of_fine(points: list[tuple[float, float]]) -> str:
    """A closed path to hundredths."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "z"
