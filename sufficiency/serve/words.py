"""Changes and names in words, as the page shows them; in a meeting no school is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sufficiency.case import Case
from sufficiency.report.maps.words import clean
from sufficiency.report.words import academic_year, listed
from sufficiency.serve.changes import rules_with_limits
from sufficiency.serve.steps import ApAtMost, Cash, Delay, Fee, Growth, Help, Inflation, Limit, Opens, Places, Step

SMALL = 5
"""Children: fewer are not shown in a meeting."""
FEW = f"fewer than {SMALL}"


@dataclass(frozen=True)
class Names:
    """Names of settings and options by code, and of lines by their setting."""

    case: Case = field(repr=False)
    settings: dict[str, str]
    lines: dict[str, str]
    options: dict[str, str]

    def type(self, code: str) -> str:
        """A type of setting in the model's words."""
        return clean(self.case.model.type_label(code))


def names_of(case: Case, *, meeting: bool = False) -> Names:
    """The names of a model; in a `meeting` a type and a number stand for each setting, and a code for an option."""
    settings = _settings(case, meeting)
    places = case.tables.places.drop_duplicates("line")
    at = dict(zip(places["line"].astype(str), places["setting"].astype(str), strict=True))
    shared = Counter(at.values())
    lines = {line: f"{settings[one]} ({line})" if shared[one] > 1 else settings[one] for line, one in at.items()}
    options = case.tables.options
    if options is None:
        return Names(case, settings, lines, {})
    codes = options["option"].astype(str)
    if meeting:
        known = {
            code: f"{_of_setting(settings, str(one))}, option {code}"
            for code, one in zip(codes, options["setting"], strict=True)
        }
        return Names(case, settings, lines, known)
    given = zip(codes, options["name"].astype(str), strict=True)
    return Names(case, settings, lines, {code: clean(name) or code for code, name in given})


def _of_setting(settings: dict[str, str], code: str) -> str:
    return settings.get(code, code)


def _settings(case: Case, meeting: bool) -> dict[str, str]:
    frame, count = case.tables.settings, Counter[str]()
    names: dict[str, str] = {}
    for code, name, kind in zip(frame["setting"].astype(str), frame["name"], frame["type"].astype(str), strict=True):
        count[kind] += 1
        there = clean(name) if isinstance(name, str) and name.strip() else code
        names[code] = f"{clean(case.model.type_label(kind))} {count[kind]}" if meeting else there
    return names


def described(step: Step, names: Names) -> str:
    """A change in words."""
    if isinstance(step, Places):
        name = names.lines.get(step.line, step.line)
        return f"{name}: {_number(step.places)} places from {academic_year(step.from_year)}"
    if isinstance(step, Opens):
        name = names.options.get(step.option, step.option)
        return f"{name} does not open" if step.year is None else f"{name} opens in {academic_year(step.year)}"
    if isinstance(step, Fee):
        return f"{names.type(step.type)}: a child costs {_percent(step.percent)}"
    if isinstance(step, Inflation):
        of = {"transport": "transport", "default": "everything else"}.get(step.of) or names.type(step.of)
        return f"Inflation of {of}: {_number(step.percent)}% a year"
    if isinstance(step, Growth):
        return _growth(step, names)
    if isinstance(step, Limit):
        return f"Rule {clean(step.rule)}: {limit_words(names.case, step.rule, step.limit)}"
    if isinstance(step, ApAtMost):
        return f"At most {_number(step.share * 100)}% of children in AP from {academic_year(step.from_year)}"
    return _lever(step, names)


def _lever(step: Delay | Cash | Help, names: Names) -> str:
    if isinstance(step, Delay):
        years = "a year" if step.lever.years == 1 else f"{step.lever.years} years"
        return f"{names.lines.get(step.lever.line, step.lever.line)} opens {years} late"
    if isinstance(step, Cash):
        code = step.lever.line or step.lever.option
        name = names.lines.get(code) or names.options.get(code) or code
        return f"{name} is not built; £{step.lever.per_place:,.0f} of capital for each place"
    lever = step.lever
    of = listed([clean(need) for need in lever.needs]) or "all needs"
    words = (
        f"Earlier help for {of}: {_number(lever.share * 100)}% fewer need a place by {academic_year(lever.full_year)}"
    )
    return f"{words}, at £{lever.cost_per_child:,.0f} a child"


def _growth(step: Growth, names: Names) -> str:
    model = names.case.model
    of = [
        clean(model.need_label(step.need)) if step.need else "",
        clean(model.phase_label(step.phase)) if step.phase else "",
    ]
    where = f" in {clean(step.locality)}" if step.locality else ""
    who = ", ".join(part for part in of if part) or "all children"
    each = " with every year" if step.yearly else ""
    return f"{who}{where}: {_percent(step.percent, 'children')}{each} from {academic_year(step.from_year)}"


def limit_words(case: Case, rule: str, limit: float) -> str:
    """A limit of a rule: a share, a number of children or minutes."""
    for key, one, name in rules_with_limits(case):
        if one.name == rule:
            least = "at least" if name.startswith("at_least") else "at most"
            if key == "locality_minutes":
                return f"{least} {_number(limit)} minutes"
            return (
                f"{least} {_number(limit)} children"
                if name.endswith("children")
                else f"{least} {_number(limit * 100)}%"
            )
    return _number(limit)


def _percent(percent: float, what: str = "") -> str:
    more = "more" if percent >= 0 else "less" if not what else "fewer"
    return f"{_number(abs(percent))}% {more}{' ' if what else ''}{what}"


def _number(number: float) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def described_all(steps: Sequence[Step], names: Names) -> list[str]:
    """Changes in words."""
    return [described(step, names) for step in steps]
