"""The rows that couple cells: places, buildings, policy rules, budgets; and the case with its rows."""
