"""Studies: many plans of one case, to see what trades against what."""
