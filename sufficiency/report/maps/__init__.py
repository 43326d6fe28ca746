"""Maps of a result, for print."""
