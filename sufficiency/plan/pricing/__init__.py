"""From first prices of the rows to the optimum."""
