"""What a what-if changes against the plan at hand: a sentence, headline figures and tables, as the page shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sufficiency.report.content.impact import group_name
from sufficiency.report.content.register import Register
from sufficiency.report.content.story import Story
from sufficiency.report.maps.words import clean
from sufficiency.report.words import academic_year, listed
from sufficiency.result import Result
from sufficiency.serve.measures import ELSEWHERE, Measure, Measures, by_year, known, labels, measured
from sufficiency.serve.words import FEW, SMALL
from sufficiency.studies.compare import moves

LEADING = ("money", "in_year", "balance", "awaiting", "shortfall", "bought", "minutes")
"""Measures of the headline, of which the first five there are lead."""
HALF = 0.5
OF_SENTENCE = (
    ("awaiting", "await a place"),
    ("shortfall", "short of a state-funded place"),
    ("bought", "in bought places"),
    (ELSEWHERE, "placed elsewhere"),
)
"""Measures that the sentence names, and what it says of the children."""
GROUPS = ("all", "locality", "need", "phase", "imd_quintile", "rural")
FUNDS = (("dsg", "High needs grant"), ("general_fund", "General Fund (transport)"), ("capital", "Capital"))
OF_CHILDREN = (
    ("state_funded_places", "State-funded places", "places"),
    ("children", "Children who need a place", "children"),
    ("in_state_funded_places", "In state-funded places", "children"),
    ("bought", "In bought places", "children"),
    ("shortfall", "Short of a state-funded place", "children"),
    ("awaiting", "Awaiting a place", "children"),
    ("over_places", "Above the places", "children"),
    ("mean_minutes", "Average journey, minutes", "minutes to a tenth"),
)


@dataclass(frozen=True)
class Row:
    """A figure under a what-if, in the plan at hand, and the difference; `way`: better, worse or blank."""

    label: str
    now: str
    plan: str
    change: str
    way: str = ""


@dataclass(frozen=True)
class Table:
    """A table: `heads` of its columns after the first, and rows of cells whose first names the row."""

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Changed:
    """All that the page says of a what-if beside the plan at hand; `measures` are its figures in full."""

    measures: Measures
    finding: str
    what: tuple[str, ...]
    leading: tuple[Row, ...]
    rows: tuple[Row, ...]
    tables: tuple[Table, ...]


def changed(result: Result, base: Result, what: Sequence[str], *, meeting: bool) -> Changed:
    """`what`: the changes in words; none: the plan at hand itself. In a `meeting` small numbers of children are not
    shown.
    """
    now, before = measured(result, base), measured(base, base)
    shown = Shown(meeting)
    words = labels(result)
    rows = {one.name: _row(one, words[one.name], now, before, shown) for one in known(now)}
    leading = tuple(rows[name] for name in LEADING if name in rows)[:5]
    tables = (
        _money(result, base),
        _deficit(result, base),
        _children(result, base, shown),
        _impact(result, base, shown),
        _elsewhere(result, base, shown),
    )
    finding = _finding(result, now, before, what, shown)
    return Changed(
        now, finding, tuple(what), leading, tuple(rows.values()), tuple(table for table in tables if table.rows)
    )


@dataclass(frozen=True)
class Shown:
    """How figures are printed; in a meeting one to four children are all the same."""

    meeting: bool

    def hides(self, value: float, unit: str) -> bool:
        """Whether a number is too small to be shown."""
        return self.meeting and unit == "children" and HALF <= abs(value) < SMALL - HALF

    def value(self, one: Measure, value: float) -> str:
        """A figure."""
        return FEW if self.hides(value, one.unit) else one.words(value)

    def change(self, one: Measure, now: float, before: float) -> str:
        """A difference: not shown where it would give a small number away."""
        hidden = any(self.hides(value, one.unit) for value in (now, before, now - before))
        return (
            f"by {FEW} or not known" if hidden and one.change(now - before) != "no change" else one.change(now - before)
        )


def _row(one: Measure, label: str, now: Measures, before: Measures, shown: Shown) -> Row:
    mine, other = now[one.name], before.get(one.name)
    if mine is None or other is None:
        return Row(label, "" if mine is None else shown.value(one, mine), "", "")
    change = shown.change(one, mine, other)
    return Row(label, shown.value(one, mine), shown.value(one, other), change, _way(one, mine - other, change))


def _way(one: Measure, by: float, words: str) -> str:
    if one.less_is_better is None or words == "no change":
        return ""
    return "better" if (by < 0) == one.less_is_better else "worse"


def _finding(result: Result, now: Measures, before: Measures, what: Sequence[str], shown: Shown) -> str:
    """What the changes do, in a sentence: money first, then children in the last year."""
    if not what:
        return "This is the plan at hand: nothing is changed yet"
    by_name = {one.name: (one, now[one.name] or 0.0, before.get(one.name) or 0.0) for one in known(now)}
    money, mine, other = by_name["money"]
    change = money.change(mine - other)
    costs = "costs as much" if change == "no change" else f"costs {change[1:]} {'more' if mine > other else 'less'}"
    said = []
    for name, words in OF_SENTENCE:
        if name not in by_name:
            continue
        one, mine, other = by_name[name]
        if one.change(mine - other) != "no change":
            many = (
                FEW
                if any(shown.hides(value, one.unit) for value in (mine, other, mine - other))
                else one.words(abs(mine - other))
            )
            more = "" if name == ELSEWHERE else " more" if mine > other else " fewer"
            said.append(f"{many}{more} {words}")
    year = academic_year(int(result.summary["years"][1]))
    children = f"; in {year}, {listed(said)}" if said else f"; children are placed as before in {year}"
    return f"The plan {costs} over all years{children}"


def _with_change(
    one: Measure, now: dict[int, float], before: dict[int, float], years: Sequence[int], shown: Shown
) -> Iterator[str]:
    for year in years:
        mine, other = now.get(year, 0.0), before.get(year, 0.0)
        change = shown.change(one, mine, other)
        yield shown.value(one, mine) + ("" if change == "no change" else f" ({change})")


def _by_year(
    title: str, about: str, result: Result, base: Result, wanted: Sequence[tuple[str, Measure]], shown: Shown
) -> Table:
    found = [
        (
            label,
            one,
            by_year(result, one.period, one.measure, one.item),
            by_year(base, one.period, one.measure, one.item),
        )
        for label, one in wanted
    ]
    years = sorted({year for _, _, now, before in found for year in (*now, *before)})
    rows = tuple(
        (label, *_with_change(one, now, before, years, shown)) for label, one, now, before in found if now or before
    )
    return Table(title, about, tuple(academic_year(year) for year in years), rows)


def _money(result: Result, base: Result) -> Table:
    wanted = [(label, Measure("", "", "£", "financial", "spend", fund)) for fund, label in FUNDS]
    about = "Pounds of each financial year, April to March; in brackets the change against the plan at hand."
    return _by_year("Money by fund and financial year", about, result, base, wanted, Shown(meeting=False))


def _deficit(result: Result, base: Result) -> Table:
    wanted = [
        ("Grant less spending, in the year", Measure("", "", "£", "financial", "dsg_in_year")),
        ("DSG balance carried forward", Measure("", "", "£", "financial", "dsg_balance")),
    ]
    about = "Below 0 the grant does not cover the spending. Balances are known to 31 March 2028 at most."
    return _by_year("Deficit", about, result, base, wanted, Shown(meeting=False))


def _children(result: Result, base: Result, shown: Shown) -> Table:
    wanted = [(label, Measure("", "", unit, "academic", measure)) for measure, label, unit in OF_CHILDREN]
    about = "By academic year; in brackets the change against the plan at hand."
    return _by_year("Places and children", about, result, base, wanted, shown)


def _impact(result: Result, base: Result, shown: Shown) -> Table:
    """Children by group in the last year: journeys, place within the locality, and who waits."""
    last, story = int(result.summary["years"][1]), Story(result, Register(result, ()))
    keys = ["group", "value"]
    here, there = (_of_plan(one, last).set_index(keys) for one in (result, base))
    people, minutes = Measure("", "", "children"), Measure("", "", "minutes to a tenth")
    columns = (
        ("children", people),
        ("mean_minutes", minutes),
        ("over_limit", people),
        ("in_locality", people),
        ("awaiting", people),
    )
    rows = []
    for group, value in here.index:
        if group not in GROUPS or (group, value) not in there.index:
            continue
        cells = [clean("All children" if group == "all" else group_name(story, group, str(value)))]
        for column, one in columns:
            mine, other = float(here.loc[(group, value), column]), float(there.loc[(group, value), column])
            change = shown.change(one, mine, other)
            cells.append(shown.value(one, mine) + ("" if change == "no change" else f" ({change})"))
        rows.append(tuple(cells))
    heads = ("Children", "Average minutes", "Beyond the guideline", "Within their locality", "Awaiting")
    about = f"By where children live, their need and phase, {academic_year(last)}; in brackets the change."
    return Table("Who is better and worse off", about, heads, tuple(rows))


def _of_plan(result: Result, year: int) -> pd.DataFrame:
    impact = result.frames["impact"]
    return pd.DataFrame(impact[(impact["year"] == year) & (impact["projection"] == "plan")])


def _elsewhere(result: Result, base: Result, shown: Shown) -> Table:
    """Children who are placed elsewhere than in the plan at hand, by locality and year."""
    moved = moves(base, result)
    people = Measure("", "", "children")
    summed = moved.groupby(["locality", "year"])["other_place"].sum()
    summed = summed[summed >= HALF]
    if summed.empty:
        return Table("", "", (), ())
    first, last = result.summary["years"]
    years = range(int(first), int(last) + 1)
    rows = []
    for locality in dict.fromkeys(summed.index.get_level_values("locality")):
        cells = (float(summed.get((locality, year), 0.0)) for year in years)
        rows.append((clean(locality), *(shown.value(people, cell) for cell in cells)))
    about = "Children with a place in another line than in the plan at hand, by the locality they live in."
    return Table("Placed elsewhere", about, tuple(academic_year(year) for year in years), tuple(rows))
