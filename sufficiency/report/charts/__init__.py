"""Charts: a forecast's fans, a frontier."""
