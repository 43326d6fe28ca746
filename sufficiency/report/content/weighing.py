"""The options weighed: what each comes to, and its score on each criterion, by thresholds that the paper states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sufficiency.report.content.beside import NOTHING, OPTIONS, PREFERRED, Option
from sufficiency.report.content.finding import ONE
from sufficiency.report.content.story import NOTHING_MORE, PLAN, Story
from sufficiency.report.content.workings import CASH, Working

BASE = "resource_base"
GIVEN_BACK = (BASE, "mainstream")
SCORE, SHARE = "score", "share, a tenth of a percent"
Value = float | None


@dataclass(frozen=True)
class Criterion:
    """What an option is scored on. `short`: what its value is, so that a high one is not taken for a good one. `good`,
    `fair`: the limits of a score of three and of two in words, and up to which value each holds; anything more scores
    one. `needs_places`: not scored where an option brings no new places.
    """

    key: str
    label: str
    short: str
    measured: str
    unit: str
    good: tuple[str, float]
    fair: tuple[str, float]
    poor: str
    needs_places: bool = False

    def score(self, value: float) -> int:
        """Three, two or one; a value within a millionth of a limit is within it."""
        return next((3 - at for at, (_, most) in enumerate((self.good, self.fair)) if value <= most + 1e-6), 1)


CRITERIA = (
    Criterion(
        "suitability",
        "Suitability",
        "Children who wait or whose place does not fit",
        "Children who wait, are above the places of their setting, or are in a place not designated for their need, as "
        "a share of all in the last year",
        SHARE,
        ("at most two in a hundred", 0.02),
        ("at most five in a hundred", 0.05),
        "more",
    ),
    Criterion(
        "dsg",
        "Dedicated Schools Grant",
        "Grant spending against doing nothing more",
        "Spending of all years on lines that the grant pays for, against doing nothing more",
        SHARE,
        ("at least five per cent less", -0.05),
        ("at least one per cent less", -0.01),
        "less of a fall, or a rise",
    ),
    Criterion(
        "general_fund",
        "General Fund",
        "General Fund spending against doing nothing more",
        "Spending of all years from the General Fund, most of it home to school transport, against doing nothing more",
        SHARE,
        ("at least one per cent less", -0.01),
        ("within one per cent", 0.01),
        "a larger rise",
    ),
    Criterion(
        "capital_a_place",
        "Capital a place",
        "Capital for each new place",
        "Capital for each new place that is not committed already, the council’s own and others’",
        CASH,
        ("at most thirty thousand pounds: rooms that are there", 30_000.0),
        ("at most sixty thousand: the mean of the national programme", 60_000.0),
        "more",
        needs_places=True,
    ),
    Criterion(
        "deliverability",
        "Deliverability",
        "New places due in the first September",
        "Share of new places that are for the first September of the plan, so that their first steps are due now or "
        "overdue",
        SHARE,
        ("none", 0.0),
        ("at most half", 0.5),
        "more than half",
    ),
    Criterion(
        "reversibility",
        "Reversibility",
        "New places whose rooms have no other use",
        "Share of new places that are neither in a base nor in ordinary classes: the rooms of a base can go back to "
        "its "
        "school, a special school has no other use",
        SHARE,
        ("none", 0.0),
        ("at most half", 0.5),
        "more than half",
    ),
    Criterion(
        "host_schools",
        "Effect on host schools",
        "Most new places in the base of one school",
        "The most new places in the base of any one ordinary school",
        "places",
        ("at most sixteen, as most bases have", 16.0),
        ("at most thirty-two, as the largest have", 32.0),
        "more",
    ),
)


def weighing(options: Mapping[str, Option]) -> Iterator[Working]:
    """What each option comes to, and its scores."""
    story = options[PREFERRED].story
    kinds = _types(story)
    spent = {key: _spent(one, story) for key, one in options.items()}
    for key, one in options.items():
        money = spent[key]
        for fund, (pounds, how) in money.items():
            yield Working(f"{fund}_all_years", key, pounds, CASH, how)
        if len(money) == 2 and len(spent[PREFERRED]) == 2 and key != PREFERRED:
            more = sum(pounds for pounds, _ in money.values()) - sum(pounds for pounds, _ in spent[PREFERRED].values())
            how = "dsg_all_years + general_fund_all_years, less those of preferred"
            yield Working("over_preferred", key, more, CASH, how)
        if key in OPTIONS:
            new = [] if key == NOTHING else _new(one)
            yield Working("new_places", key, sum(row["places"] for row in new), "places", _HOW_NEW.format("places"))
            yield Working("new_capital", key, sum(row["capital"] for row in new), CASH, _HOW_NEW.format("capital"))
            yield from _scored(one, new, kinds, money, spent[NOTHING])


_HOW_NEW = "{} in programme.csv of the option, rows that are not committed, added up; none if nothing more is done"
Spent = dict[str, tuple[float, str]]


def _spent(one: Option, base: Story) -> Spent:
    """£ by fund of all financial years of the plan, other spending included, and how it is worked out."""
    table = one.story.frame("spend_financial")
    if table is None:
        return {}
    rows = table[table["financial_year"].isin(list(base.years))]
    found: Spent = {}
    for fund in ("dsg", "general_fund"):
        pounds = float(rows.loc[rows["fund"] == fund, "pounds"].sum())
        how = f"spend_financial.csv, {fund}, all years added up"
        if one.of == NOTHING_MORE:
            pounds += sum(
                base.register.value(f"spend.{NOTHING_MORE}.{year}.{fund}")
                - base.register.value(f"spend.{PLAN}.{year}.{fund}")
                for year in base.years
            )
            how += ", less spend of the plan in measures.csv, plus spend unmitigated"
        found[fund] = (pounds, how)
    return found


def _new(one: Option) -> list[dict[str, Any]]:
    """What an option brings that is not committed."""
    opened = (one.story.summary.get("programme") or {}).get("opened", [])
    return [row for row in opened if row.get("decided") != "committed" and row["places"] > 0]


def _types(story: Story) -> dict[str, str]:
    """Setting → its type."""
    settings = story.result.settings
    return dict(zip(settings["setting"].astype(str), settings["type"].astype(str), strict=True))


def _scored(
    one: Option, new: list[dict[str, Any]], kinds: Mapping[str, str], money: Spent, nothing: Spent
) -> Iterator[Working]:
    places = sum(row["places"] for row in new)
    first = one.story.years[0]

    def share(which: Callable[[dict[str, Any]], bool]) -> float:
        return sum(row["places"] for row in new if which(row)) / places if places else 0.0

    hosts: dict[str, float] = {}
    for row in new:
        if kinds.get(str(row["setting"])) == BASE:
            hosts[str(row["setting"])] = hosts.get(str(row["setting"]), 0.0) + row["places"]
    values: dict[str, tuple[Value, str]] = {
        "suitability": (_unsuited(one), "impact.csv, group all, last year: awaiting, over_places, off_designation"),
        "capital_a_place": (
            sum(row["capital"] for row in new) / places if places else None,
            "new_capital over new_places",
        ),
        "deliverability": (
            share(lambda row: int(row["opens"]) == first),
            f"places in programme.csv for {first}, over new_places",
        ),
        "reversibility": (
            share(lambda row: kinds.get(str(row["setting"])) not in GIVEN_BACK),
            f"places in programme.csv at settings that are none of {', '.join(GIVEN_BACK)}, over new_places",
        ),
        "host_schools": (max(hosts.values(), default=0.0), f"places in programme.csv, by {BASE}: the most"),
    }
    for fund in ("dsg", "general_fund"):
        known = fund in money and nothing.get(fund, (0.0, ""))[0] > ONE
        change = money[fund][0] / nothing[fund][0] - 1 if known else None
        values[fund] = (change, f"{fund}_all_years over that of {NOTHING}, less 1")
    for criterion in CRITERIA:
        value, how = values[criterion.key]
        if value is not None:
            yield Working(criterion.key, one.key, value, criterion.unit, how)
            yield Working(f"{SCORE}_{criterion.key}", one.key, criterion.score(value), SCORE, "by its thresholds")


def _unsuited(one: Option) -> Value:
    """Share of children in the last year who wait, are above places or in a place not designated for them."""
    table = one.story.frame("impact")
    if table is None:
        return None
    rows = table[(table["year"] == one.story.last) & (table["projection"] == one.of) & (table["group"] == "all")]
    if rows.empty or not float(rows["children"].iloc[0]) > 0:
        return None
    row = rows.iloc[0]
    return float(row.reindex(["awaiting", "over_places", "off_designation"]).fillna(0.0).sum()) / float(row["children"])
