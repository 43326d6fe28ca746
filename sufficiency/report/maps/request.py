"""What is asked of a set of maps, checked against what the result has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sufficiency.codes import NEEDS, normal_code
from sufficiency.problems import InputError, Problem, did_you_mean
from sufficiency.report.words import academic_year
from sufficiency.tables.schema.results import MAPS

KINDS = MAPS
FORMATS = ("png", "svg")


@dataclass(frozen=True)
class MapRequest:
    """The maps asked for. Empty `needs` or `phases` mean all."""

    kinds: tuple[str, ...]
    years: tuple[int, ...]
    needs: tuple[str, ...]
    phases: tuple[str, ...]
    formats: tuple[str, ...]

    @property
    def everyone(self) -> bool:
        """Whether children of all needs and phases are meant."""
        return not self.needs and not self.phases

    def file_name(self, kind: str) -> str:
        """`demand_2026`, `demand_ASD_2026`, `demand_2026-2035`."""
        first, last = self.years[0], self.years[-1]
        years = str(first) if first == last else f"{first}-{last}"
        parts = [kind, "-".join(self.needs), "-".join(self.phases), years]
        return "_".join(re.sub(r"[^\w.-]", "_", part) for part in parts if part)


def map_request(
    described: Mapping[str, Any],
    *,
    years: Sequence[int] | None,
    needs: Sequence[str] | None,
    phases: Sequence[str] | None,
    kinds: Sequence[str],
    formats: Sequence[str],
) -> MapRequest:
    """The request, in the order of the model. `described` has the `years` and `labels` of a summary.

    Raises InputError that lists everything unknown.
    """
    problems: list[Problem] = []
    labels = described.get("labels", {})
    first, last = described["years"]
    all_needs = _in_order([*labels.get("needs", {}), *NEEDS])
    all_phases = _in_order(labels.get("phases", {}))
    request = MapRequest(
        _known("kind of map", _each(kinds), KINDS, normal_code, problems),
        _known_years(years, first, last, problems),
        _known("primary need", _each(needs), all_needs, lambda text: text.strip().upper(), problems),
        _known("phase of this model", _each(phases), all_phases, normal_code, problems),
        _known("format for maps", _each(formats), FORMATS, lambda text: normal_code(text).lstrip("."), problems),
    )
    if problems:
        raise InputError(problems)
    return request


def _each(asked: Sequence[str] | None) -> list[str]:
    return [asked] if isinstance(asked, str) else [str(item) for item in asked or ()]


def _in_order(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(code) for code in codes))


def _known(
    what: str, asked: list[str], known: Sequence[str], normal: object, problems: list[Problem]
) -> tuple[str, ...]:
    assert callable(normal)
    # NCY phases such as "-1" lose their minus as a code, so the text as given counts too
    wanted = {text: next((code for code in (text.strip(), normal(text)) if code in known), None) for text in asked}
    problems.extend(
        Problem(f"this is no {what}", value=text, fix=did_you_mean(normal(text), known))
        for text, code in wanted.items()
        if code is None
    )
    return tuple(code for code in known if code in wanted.values())


def _known_years(asked: Sequence[int] | None, first: int, last: int, problems: list[Problem]) -> tuple[int, ...]:
    years = [asked] if isinstance(asked, int | str) else list(asked or [first])
    known = set()
    for year in years:
        text = str(year).strip()
        if text.isdecimal() and first <= int(text) <= last:
            known.add(int(text))
            continue
        near = min(max(int(text), first), last) if text.isdecimal() else first
        span = f"the plan runs from {first} ({academic_year(first)}) to {last} ({academic_year(last)})"
        problems.append(Problem("this year is not in the plan", value=text, fix=f"{span}; the nearest is {near}"))
    return tuple(sorted(known))
