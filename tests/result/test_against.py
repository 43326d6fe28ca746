"""A new base year against an older plan: each cause derived beside its test, and the sum of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sufficiency as sf
from sufficiency.cli import main
from sufficiency.problems import InputError
from sufficiency.result.against import CAUSES, Year, against, year_planned

from ..examples import examples
from ..solved import toy_result
from ..tiny import tiny


def year_of(
    children: dict[tuple[str, str, str], float],
    price: dict[str, float],
    lines: dict[str, tuple[str, float, float]],
    nobodys: float = 0.0,
) -> Year:
    """Children by need, phase and type, £ a child by type, and lines as type, places, children."""
    rows = pd.DataFrame(
        [(*key, float(count), count * price[key[2]]) for key, count in children.items()],
        columns=["need", "phase", "type", "children", "pounds"],
    )
    tables = [
        rows.pivot_table(index=["need", "phase"], columns="type", values=name, aggfunc="sum", fill_value=0.0)
        for name in ("children", "pounds")
    ]
    frame = pd.DataFrame(
        [(line, *cells) for line, cells in lines.items()], columns=["line", "type", "places", "children"]
    )
    return Year(tables[0], tables[1], nobodys, frame.set_index("line"))


def causes(table: pd.DataFrame) -> dict[str, float]:
    summed = table.groupby("cause")["pounds"].sum()
    return {cause: float(summed.get(cause, 0.0)) for cause in CAUSES}


def test_a_base_that_did_not_open_is_slippage() -> None:
    # The example of the how-to page: 9 × £20,000 + £60,000 = £240,000 planned, 10 × £70,000 found.
    planned = year_of(
        {("ASD", "primary", "resource_base"): 9, ("ASD", "primary", "independent"): 1},
        {"resource_base": 20_000, "independent": 60_000},
        {"NB1": ("resource_base", 12, 9), "I": ("independent", np.nan, 1)},
    )
    actual = year_of(
        {("ASD", "primary", "independent"): 10}, {"independent": 70_000}, {"I": ("independent", np.nan, 10)}
    )
    table = against(planned, actual, 2027)
    assert causes(table) == pytest.approx(
        {"children": 0, "mix": 0, "placement": 0, "slippage": 360_000, "price": 100_000, "no_child": 0}
    )
    (slipped,) = table[table["cause"] == "slippage"].to_dict("records")
    assert (slipped["need"], slipped["type"], slipped["children"]) == ("ASD", "resource_base", pytest.approx(9))


def test_what_rounding_leaves_of_a_child_is_no_row() -> None:
    # Tables are written with nine decimals: placements made from them leave 0.000000004 of a child waiting.
    prices, lines = {"resource_base": 20_000, "awaiting": 14_000}, {"NB1": ("resource_base", 12, 9)}
    planned = year_of({("ASD", "primary", "resource_base"): 9}, prices, lines)
    actual = year_of(
        {("ASD", "primary", "resource_base"): 9 - 4e-9, ("ASD", "primary", "awaiting"): 4e-9}, prices, lines
    )
    table = against(planned, actual, 2027)
    assert "awaiting" not in set(table["type"])


def test_more_children_and_another_mix() -> None:
    # Planned: 3 of ASD at £10,000, 1 of MLD at £30,000, mean £15,000. Found: 4 and 4, at these prices: 4 more children
    # are £60,000; as planned 8 would be 6 and 2: 2 fewer at £5,000 below the mean, 2 more at £15,000 above: £40,000.
    kinds = {"ASD": "resource_base", "MLD": "special_school"}
    price = {"resource_base": 10_000.0, "special_school": 30_000.0}
    years = [
        year_of(
            {(need, "primary", kind): count for (need, kind), count in zip(kinds.items(), counts, strict=True)},
            price,
            {},
        )
        for counts in ((3, 1), (4, 4))
    ]
    assert causes(against(*years, 2027)) == pytest.approx(
        {"children": 60_000, "mix": 40_000, "placement": 0, "slippage": 0, "price": 0, "no_child": 0}
    )


def test_the_same_places_with_other_children_in_them_are_placement() -> None:
    # 4 in a base at £10,000, 1 bought at £50,000; now 2 and 3, though the base has its places: 2 × £40,000. What is
    # no child's costs £5,000 more.
    kinds = ("resource_base", "independent")
    price = dict(zip(kinds, (10_000.0, 50_000.0), strict=True))
    planned = year_of(
        {("ASD", "primary", kind): count for kind, count in zip(kinds, (4, 1), strict=True)},
        price,
        {"B": ("resource_base", 4, 4), "I": ("independent", np.nan, 1)},
        1_000,
    )
    actual = year_of(
        {("ASD", "primary", kind): count for kind, count in zip(kinds, (2, 3), strict=True)},
        price,
        {"B": ("resource_base", 4, 2), "I": ("independent", np.nan, 3)},
        6_000,
    )
    assert causes(against(planned, actual, 2027)) == pytest.approx(
        {"children": 0, "mix": 0, "placement": 80_000, "slippage": 0, "price": 0, "no_child": 5_000}
    )


COUNT = st.lists(st.floats(0, 20).map(lambda value: round(value, 2)), min_size=6, max_size=6)


@given(COUNT, COUNT, st.lists(st.floats(1, 90), min_size=6, max_size=6), st.floats(0, 10), st.floats(0, 10))
@examples(100)
def test_the_causes_add_up(a: list[float], b: list[float], prices: list[float], places: float, now: float) -> None:
    keys = [(need, "primary", kind) for need in ("ASD", "MLD") for kind in ("resource_base", "independent", "awaiting")]
    years = []
    for counts, price, rooms in ((a, prices[:3], places), (b, prices[3:], now)):
        by_type = dict(zip(("resource_base", "independent", "awaiting"), price, strict=True))
        lines = {"B": ("resource_base", rooms, counts[0] + counts[3])}
        years.append(year_of(dict(zip(keys, counts, strict=True)), by_type, lines, rooms))
    table = against(*years, 2027)
    whole = [float(year.pounds.to_numpy().sum()) + year.nobodys for year in years]
    assert table["pounds"].sum() == pytest.approx(whole[1] - whole[0], abs=1e-6)


def test_a_plan_against_itself_has_no_difference(tmp_path: Path) -> None:
    """The base year moved to 2026, with the placements of the plan for 2026: only prices may differ."""
    model = tiny(tmp_path)
    sf.solve(sf.read(model)).save(tmp_path / "old")
    text = model.read_text(encoding="utf-8").replace("base_year = 2025", "base_year = 2026")
    text = text.replace("years = [2026, 2026]", "years = [2027, 2027]").replace(
        'costs = "', 'placements = "p.csv"\ncosts = "'
    )
    model.write_text(text, encoding="utf-8")
    demand = tmp_path / "demand.csv"
    demand.write_text(demand.read_text(encoding="utf-8") + "A,ASD,primary,2027,5\n", encoding="utf-8")
    placed = pd.read_csv(tmp_path / "old" / "placements.csv", encoding="utf-8-sig")
    placed[["area", "need", "phase", "line", "children"]].to_csv(tmp_path / "p.csv", index=False)
    costs = tmp_path / "costs.csv"
    costs.write_text(costs.read_text(encoding="utf-8").replace("12000,10000", "12360,10300"), encoding="utf-8")
    words = ["plan", str(model), "-o", str(tmp_path / "new"), "--against", str(tmp_path / "old"), "--quiet"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "2026/27 against the plan in" in " ".join(done.stdout.split())
    written = pd.read_csv(tmp_path / "new" / "against.csv", encoding="utf-8-sig")
    # prices of 2026 are those of 2025 at 3 %, but for transport, which was at 4 % then and starts anew: a fall
    summed = written.groupby("cause")["pounds"].sum()
    assert summed.drop("price").to_numpy() == pytest.approx(0, abs=1e-6)
    spend = [sf.load(tmp_path / name).spend for name in ("old", "new")]
    of_2026 = [rows.loc[rows["year"] == 2026, "pounds"].sum() for rows in spend]
    assert summed.sum() == pytest.approx(of_2026[1] - of_2026[0])
    assert summed["price"] < 0


def test_a_plan_that_does_not_speak_of_the_base_year_is_refused() -> None:
    with pytest.raises(InputError, match="its years are 2026 to 2028"):
        year_planned(toy_result(), 2025, "old")
