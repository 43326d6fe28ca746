"""Lines that money is spent on and that the budget, or the ledger, does not have."""

from __future__ import annotations

import pandas as pd

from sufficiency.report.content.unbudgeted import spent_without


def test_a_line_without_a_budget_in_any_year_is_named() -> None:
    # 1.2.2 has a budget in one of two years; £400 is less than is seen in round pounds.
    table = pd.DataFrame(
        [
            (2026, "1.2.2", 0.0, 9_000.0),
            (2027, "1.2.2", 8_000.0, 9_000.0),
            (2026, "1.2.4", 7_000.0, 0.0),
            (2026, "interim provision", 0.0, 400.0),
            (2026, "transport", 0.0, 785_000.0),
            (2027, "transport", 0.0, 828_000.0),
        ],
        columns=["financial_year", "budget_line", "budget", "spend"],
    )
    assert spent_without(table, "budget", "spend") == ["transport"]
    assert spent_without(table.iloc[:0], "budget", "spend") == []
    assert spent_without(None, "budget", "spend") == []
