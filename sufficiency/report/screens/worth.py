"""The worth of settings on the screen: those worth most, those worth least, and those that no plan can do without."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from sufficiency.report.words import WIDTH, children, columns_of, millions, present_value
from sufficiency.standing import keys

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.studies.worth import Worth

COSTLIEST, CHEAPEST = 10, 5
NAME = 36
MOST_MISSING = 5


def worth_screen(worths: Worth) -> str:
    """The ten worth most and the five worth least; all where they are no more than that."""
    table = worths.table
    known, silent = table[table["more"].notna()], table[table["more"].isna()]
    lines = ["What every setting is worth: what the plan would cost more without it"]
    lines += [worths.standing.screen] if worths.standing else []
    if worths.missing:
        named = ", ".join(worths.missing[:MOST_MISSING])
        rest = len(worths.missing) - MOST_MISSING
        lines.append(f"Interrupted: {len(table)} of {worths.asked} settings were asked about.")
        lines.append(f"Missing: {named}" + (f" and {rest} more" if rest > 0 else ""))
    lines += ["", f"{'':<{NAME}}{'children':>9}{'more than the plan':>20}{'a child-':>10}"]
    lines.append(f"{'':<{NAME}}{'there':>9}{'in all':>10}{'money':>10}{'year':>10}")
    if len(known) <= COSTLIEST + CHEAPEST:
        lines += _rows(known)
    else:
        between = len(known) - COSTLIEST - CHEAPEST
        lines += [*_rows(known.head(COSTLIEST)), f"… {between} between", *_rows(known.tail(CHEAPEST))]
    for _, row in silent.iterrows():
        lines.append(f"{row['name']}: {row['note']}")
    lines += [
        "",
        f"Children: a mean year. In all: {present_value(worths.first_year)}, with policy",
        "weights, over all years.",
        "One setting at a time, closed before the first year; its children move at once. No",
        "proposal to close anything, and not to be added up.",
    ]
    lines += _rules(worths)
    if (known["more"] <= -500).any():
        lines.append("With a minus: the plan costs less without it; worth.csv says what that takes.")
    return "\n".join(lines)


def _rules(worths: Worth) -> list[str]:
    """Policy rules that the plan misses, and those missed only without a setting."""
    missed = [f"Policy rules missed in the plan itself: {worths.rules_missed}"] if worths.rules_missed else []
    also = worths.table[~worths.table["rules_missed"].isin(["", worths.rules_missed])]
    missed += [f"Without {row['name']} missed: {row['rules_missed']}" for _, row in also.head(MOST_MISSING).iterrows()]
    if len(also) > MOST_MISSING:
        missed.append(f"and without {len(also) - MOST_MISSING} more settings: rules_missed in worth.csv")
    return [line for words in missed for line in wrap(words, WIDTH, subsequent_indent="  ")]


def _rows(table: pd.DataFrame) -> list[str]:
    return [
        f"{_short(row['name']):<{NAME}}"
        + columns_of(
            (
                children(row["children_there"]),
                millions(row["more"]),
                millions(row["more_money"]),
                _a_child(row["per_child"]),
            ),
            (9, 10, 10, 10),
        )
        for _, row in table.iterrows()
    ]


def _short(name: str) -> str:
    return name if len(name) < NAME else f"{name[: NAME - 2]}…"


def _a_child(pounds: float) -> str:
    """£ for a child-year to the hundred; a dash where nobody is there."""
    if pounds != pounds:
        return "–"
    rounded = round(pounds, -2)
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,.0f}"


def worth_document(worths: Worth) -> dict[str, object]:
    """The figures of every setting, for other programs."""
    return {
        "settings": worths.table.to_dict("records"),
        "missing": list(worths.missing),
        "rules_missed": worths.rules_missed,
        **keys(worths.standing),
    }
