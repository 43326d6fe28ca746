"""Proof of a plan, from the tables again; it shares nothing with the rest of `plan/`, nor with a solver."""
