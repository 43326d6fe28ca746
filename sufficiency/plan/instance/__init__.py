"""The case as arrays: cells of children, lines of places, what each costs, today's pattern, and who stays."""
