"""Columns of the screen stay apart, however large a council's figures are."""

from __future__ import annotations

from sufficiency.report.words import columns_of, table_of


def test_a_cell_as_wide_as_its_column_is_still_parted_from_the_one_before_it() -> None:
    assert columns_of(("12,345", "678,901"), 6) == " 12,345 678,901"
    assert columns_of(("1", "2"), (3, 4)) == "  1   2"


def test_a_table_of_billions_can_be_read() -> None:
    row = table_of("Money", [2026, 2027], [("DSG", ["−£1,234.5m", "−£12,345.6m"])], 9)[1]
    assert row.split() == ["DSG", "−£1,234.5m", "−£12,345.6m"]
