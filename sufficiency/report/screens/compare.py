"""Scenarios side by side on one screen, and the same figures for other programs."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import Any

from sufficiency.codes import BOUGHT
from sufficiency.finance.budget import LAST_YEAR_OF_OVERRIDE
from sufficiency.model.scenarios import BASE
from sufficiency.report.screens.opening_words import lever_lines
from sufficiency.report.screens.rules import missed_in_words
from sufficiency.report.words import DO_NOTHING_MORE, EXISTING_COMMITMENTS_ONLY, academic_year, children, columns_of
from sufficiency.standing import of_summary
from sufficiency.studies.compare import Comparison

WIDTH, NAME, MOST_SHOWN = 80, 24, 3
BASES, AP = ("resource_base",), ("alternative_provision",)
STOPPED = "stopped"
LARGE = 100e6
"""£: sums this large are printed without a tenth of a million."""


def compare_summary(comparison: Comparison) -> dict[str, Any]:
    """`comparison.json`: what was compared, and the headline figures of each scenario; None where one is not known."""
    base = comparison.results[BASE].summary
    scenarios = []
    for name, result in comparison.results.items():
        summary = result.summary
        scenarios.append(
            {
                "scenario": name,
                "about": summary["scenario_about"],
                "levers": summary.get("levers", []),
                "reused": name in comparison.reused,
                **{key: summary[key] for key in ("status", "objective", "money", "policy_weights", "gap")},
                "figures": _figures(comparison, name, "value"),
                "unmitigated": _figures(comparison, name, "unmitigated"),
                "rules_missed": missed_in_words(summary.get("rules", [])),
                "placed_otherwise": _largest(comparison, name, MOST_SHOWN * 3),
            }
        )
    shared_keys = ("model", "about", "fictional", "illustrative", "data", "base_year", "years", "labels", "inputs")
    return {**{key: base.get(key) for key in shared_keys}, "scenarios": scenarios, "missing": list(comparison.missing)}


def _figures(comparison: Comparison, name: str, column: str) -> dict[str, float | None]:
    """Whole-plan sums and end-of-plan figures of one scenario."""
    rows = comparison.figures[comparison.figures["scenario"] == name]
    last = int(rows["year"].max())

    def of(measure: str, period: str, item: tuple[str, ...] = ("",), year: int | None = None, how: str = "sum") -> Any:
        chosen = rows[(rows["measure"] == measure) & (rows["period"] == period) & rows["item"].isin(item)]
        if year is not None:
            chosen = chosen[chosen["year"] == year]
        values = chosen[column].dropna()
        return None if values.empty else float(values.agg(how))

    return {
        "dsg": of("spend", "financial", ("dsg",)),
        "general_fund": of("spend", "financial", ("general_fund",)),
        "overspend": of("overspend", "financial"),
        "overspend_net": of("overspend_net", "financial"),
        "least_overspend": of("least_overspend", "whole"),
        "dsg_balance": of("dsg_balance", "financial", year=min(last, LAST_YEAR_OF_OVERRIDE)),
        "dsg_balance_with_grant": of("dsg_balance_with_grant", "financial", year=min(last, LAST_YEAR_OF_OVERRIDE)),
        "capital": of("programme_capital", "whole"),
        "options_opened": of("programme_options", "whole"),
        "places_opened": of("programme_places", "whole"),
        "state_funded_places": of("state_funded_places", "academic", year=last),
        "awaiting_most": of("awaiting", "academic", how="max"),
        "share_in_bases": of("share_in", "academic", BASES, last),
        "share_bought": of("share_in", "academic", BOUGHT, last),
        "share_in_ap": of("share_in", "academic", AP, last),
        "mean_minutes": of("mean_minutes", "academic", year=last),
        "over_limit": of("over_limit", "academic", year=last),
        "placed_otherwise": of("placed_otherwise", "academic", ("other_place",), last),
        "placed_otherwise_type": of("placed_otherwise", "academic", ("other_type",), last),
    }


def _largest(comparison: Comparison, name: str, most: int) -> list[dict[str, Any]]:
    """The needs and localities with most children placed otherwise, in the last year."""
    moves = comparison.moves[comparison.moves["scenario"] == name]
    moves = moves[moves["year"] == comparison.figures["year"].max()].nlargest(most, "other_place")
    largest = moves[moves["other_place"] >= 0.5][["need", "locality", "other_place", "other_type"]]
    return [dict(row) for row in largest.to_dict("records")]


def compare_screen(comparison: Comparison) -> str:
    """The comparison as one screen."""
    summary = compare_summary(comparison)
    first, last = summary["years"]
    period, end = f"{academic_year(first)} to {academic_year(last)}", academic_year(last)
    count = len(summary["scenarios"])
    lines = [f"{summary['model']}: {count} scenario{'' if count == 1 else 's'}, {period}"]
    standing = of_summary(summary)
    lines += [standing.screen] if standing else []
    lines.append(f"First row of a table: {EXISTING_COMMITMENTS_ONLY}.")
    early = [one["scenario"] for one in summary["scenarios"] if one["status"] == STOPPED]
    if early:
        lines.append(f"Stopped early, so not proven to be the cheapest plan: {', '.join(early)}.")
    if summary["missing"]:
        lines.append(f"Interrupted, so not planned and not compared: {', '.join(summary['missing'])}.")
    blocks = [lines]
    blocks.append(
        _table(
            summary,
            f"Money in all, {period}, in cash",
            [
                ("DSG,", "places", "dsg", _millions(summary, "dsg")),
                ("General", "Fund", "general_fund", _millions(summary, "general_fund")),
                ("Capital", "", "capital", _millions(summary, "capital")),
                ("Places", "opened", "places_opened", children),
            ],
        )
    )
    day = f"31.3.{(min(last, LAST_YEAR_OF_OVERRIDE) + 1) % 100:02d}"
    blocks.append(
        _table(
            summary,
            "Against the budgets, all years, and the grant",
            [
                ("Lines", "over", "overspend", _millions(summary, "overspend")),
                ("Over less", "under", "overspend_net", _millions(summary, "overspend_net")),
                ("DSG at", day, "dsg_balance", _millions(summary, "dsg_balance")),
                ("with", "grant", "dsg_balance_with_grant", _millions(summary, "dsg_balance_with_grant")),
            ],
        )
    )
    known = any(one["figures"]["dsg_balance"] is not None for one in summary["scenarios"])
    if known and last > LAST_YEAR_OF_OVERRIDE:
        blocks[-1] += _wrapped(
            "After 31 March 2028 funding after the statutory override is not known: no balance is shown."
        )
    blocks.append(
        _table(
            summary,
            f"Children in {end}",
            [
                ("State", "places", "state_funded_places", children),
                ("In", "bases", "share_in_bases", _percent),
                ("Bought,", "indep.", "share_bought", _percent),
                ("In", "AP", "share_in_ap", _percent),
                ("Minutes", "one way", "mean_minutes", _one_decimal),
                ("Beyond", "guide", "over_limit", children),
                ("Most", "waiting", "awaiting_most", children),
            ],
        )
    )
    blocks.append(_rules(summary))
    blocks.append(_otherwise(summary, end))
    abouts = [
        line
        for one in summary["scenarios"]
        if one["about"]
        for line in _wrapped(f"{one['scenario']}: {one['about']}") + lever_lines(one["levers"], indent=4)
    ]
    blocks.append(["What each tries:", *abouts] if abouts else [])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _table(summary: dict[str, Any], title: str, columns: list[tuple[str, str, str, Any]]) -> list[str]:
    """A row a scenario, that of doing nothing more in the base case first; columns nobody knows are left out, and the
    table where none is left.
    """
    base = summary["scenarios"][0]
    rows = [(f"base, {DO_NOTHING_MORE}", base["unmitigated"])]
    rows += [(one["scenario"], one["figures"]) for one in summary["scenarios"]]
    known = [column for column in columns if any(figures[column[2]] is not None for _, figures in rows)]
    if not known:
        return []
    width = min((WIDTH - NAME) // len(known), 10)
    head = [f"{'':<{NAME}}" + columns_of([column[place] for column in known], width) for place in (0, 1)]
    body = [
        f"  {name[: NAME - 3]:<{NAME - 2}}"
        + columns_of(["" if figures[key] is None else words(figures[key]) for _, _, key, words in known], width)
        for name, figures in rows
    ]
    return [title, *head, *body]


def _rules(summary: dict[str, Any]) -> list[str]:
    """The rules that each scenario misses; nothing where none is."""
    missed = [
        line
        for one in summary["scenarios"]
        for words in one["rules_missed"]
        for line in _wrapped(f"{one['scenario']}: {words}")
    ]
    return ["Policy rules missed (their breach is in no sum of money above):", *missed] if missed else []


def _otherwise(summary: dict[str, Any], end: str) -> list[str]:
    lines = [f"Children placed otherwise than in the base plan, {end} (comparison_moves.csv has all years):"]
    for one in summary["scenarios"][1:]:
        figures, most = one["figures"], one["placed_otherwise"][:MOST_SHOWN]
        words = f"{one['scenario']}: {children(figures['placed_otherwise'])}"
        if most:
            words += f", {children(figures['placed_otherwise_type'])} in another type of setting; most "
            words += ", ".join(f"{row['need']} {row['locality']} {children(row['other_place'])}" for row in most)
        lines += _wrapped(words)
    return lines if len(lines) > 1 else []


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _millions(summary: dict[str, Any], key: str) -> Callable[[float], str]:
    """How a column of pounds is printed: with a tenth of a million where none of them reaches a hundred million."""
    scenarios = summary["scenarios"]
    pounds = [scenarios[0]["unmitigated"][key], *(each["figures"][key] for each in scenarios)]
    places = 0 if max((abs(one) for one in pounds if one is not None), default=0.0) >= LARGE else 1

    def words(one: float) -> str:
        sign = "−" if one <= -0.5e6 / 10**places else ""
        return f"{sign}£{abs(one) / 1e6:,.{places}f}m"

    return words


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _one_decimal(number: float) -> str:
    return f"{number:.1f}"
