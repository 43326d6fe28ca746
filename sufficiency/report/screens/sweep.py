"""A sweep on the screen: between which ends the figures lie, and which lines are full in most futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sufficiency.report.words import academic_year, children, columns_of, cut, millions, sentences

if TYPE_CHECKING:
    import pandas as pd

    from sufficiency.studies.sweep.together import Together

MONEY = {"dsg": "Spend, DSG", "general_fund": "Spend, General Fund", "overspend": "Above budget"}
COUNTS = {"children": "Children who need a place", "awaiting": "Awaiting a place", "over_places": "Above the places"}
ENDS = ("p05", "p50", "p95")
LABEL, COLUMN = 36, 14
MOST_LINES, MOST_REASONS = 8, 3
DEMAND = {
    "simulated paths": "demand along whole simulated paths",
    "one level between low and high": "demand at one level between low and high, the same for all areas and years",
    "as expected": "demand as expected",
}


def sweep_screen(tables: Together, document: dict[str, Any], programmes: pd.DataFrame | None = None) -> str:
    """What all draws say: figures of the last year between their ends, lines that are full most often, what opens; and
    `programmes.csv`.
    """
    done, asked = document["draws_done"], document["of"]
    lines = [f"The plan in {done:,} futures" + ("" if done == asked else f" of {asked:,}: interrupted")]
    lines += [f"{document['data']}."] if document["data"] else []
    lines += sentences(_varies(document["varies"]))
    lines += _without_plan(tables)
    if tables.planned:
        last = int(tables.fan.loc[tables.fan["measure"] == "children", "year"].max())
        head = columns_of(["1 in 20 below", "half below", "1 in 20 above"], COLUMN)
        lines += ["", f"{f'In {academic_year(last)}':<{LABEL}}{head}"]
        rows = tables.fan[tables.fan["year"] == last].set_index("measure")
        for names, say in ((COUNTS, children), (MONEY, millions)):
            for name, words in names.items():
                if name in rows.index:
                    cells = [say(float(rows.loc[name, end])) for end in ENDS]  # type: ignore[arg-type]
                    lines.append(f"  {words:<{LABEL - 2}}{columns_of(cells, COLUMN)}")
        lines += _full(tables.lines, last)
    lines += ["", *_programme(document["programme"])]
    return "\n".join(lines if programmes is None else [*lines, "", *_programmes(programmes, document["robust"])])


def _varies(varies: dict[str, Any]) -> str:
    parts = [DEMAND[varies["demand"]]]
    parts += [f"{key} of {', '.join(varies[key])}" for key in ("inflation", "fees", "slips") if varies[key]]
    parts += ["scenarios in turn"] if varies["scenarios"] else []
    return f"Each future: {'; '.join(parts)}."


def _without_plan(tables: Together) -> list[str]:
    if not tables.why:
        return []
    said = [f"{len(tables.why):,} of them have no plan, and are left out of the figures below:"]
    some = list(tables.why.items())[:MOST_REASONS]
    said += sentences(*(f"draw {draw}: {why}" for draw, why in some), indent=2)
    return said + (
        [f"  and {len(tables.why) - MOST_REASONS:,} more: draws.parquet"] if len(tables.why) > len(some) else []
    )


def _full(table: pd.DataFrame, year: int) -> list[str]:
    rows = table[(table["year"] == year) & (table["share_full"] > 0)]
    rows = rows.sort_values(["share_full", "line"], ascending=[False, True], kind="stable")
    if rows.empty:
        return ["", f"No line of places is full in {academic_year(year)} in any future."]
    head = columns_of(["of 100 futures", "children, half below"], [COLUMN + 2, COLUMN + 10])
    lines = ["", f"{f'Full in {academic_year(year)}':<{LABEL}}{head}"]
    for row in rows.head(MOST_LINES).itertuples():
        cells = columns_of([f"{100 * float(row.share_full):.0f}", children(float(row.p50))], [COLUMN + 2, COLUMN + 10])  # type: ignore[arg-type]
        lines.append(f"  {cut(str(row.line), LABEL - 3):<{LABEL - 2}}{cells}")
    return lines + ([f"  and {len(rows) - MOST_LINES:,} more: lines.csv"] if len(rows) > MOST_LINES else [])


def _programme(opens: list[dict[str, Any]]) -> list[str]:
    if not opens:
        return ["No option opens in the base plan, so none does in any future."]
    named = ", ".join(f"{one['option']} {one['year']}" for one in opens)
    return sentences(f"In every future the options of the base plan open, or slip: {named}.")


def _programmes(table: pd.DataFrame, robust: dict[str, Any]) -> list[str]:
    lines = [f"{'Programme, cost over all futures':<{LABEL}}{columns_of(['expected', 'the worst', 'regret'], COLUMN)}"]
    for row in table.to_dict("records"):
        said = [float(row[name]) for name in ("expected", "cvar", "greatest_regret")]
        cells = [millions(one) if one == one else "–" for one in said]
        lines.append(f"  {row['programme']:<{LABEL - 2}}{columns_of(cells, COLUMN)}")
    opens = ", ".join(f"{option} {year}" for option, year, _ in robust["opens"]["robust"]) or "no option"
    lines += sentences(f"The robust programme opens {opens}.")
    gap = f"No other is better on these futures, to a gap of {robust['gap']:.2%}."
    return lines + sentences(gap if robust["met"] else "Stopped before it was proven that no other is better.")
