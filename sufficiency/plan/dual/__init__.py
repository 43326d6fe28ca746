"""Prices on the rows, and what follows from them: cost to go, reduced costs, the bound and the gap."""
