"""The rows that couple cells (places, buildings, policy rules, budgets), how children pass from one year to the next,
and the case with its rows.
"""
