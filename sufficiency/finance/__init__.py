"""Spend by budget line, type and fund, in academic and in financial years."""
