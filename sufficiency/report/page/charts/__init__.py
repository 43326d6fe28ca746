"""Charts as SVG, drawn once: they are there without scripts."""
