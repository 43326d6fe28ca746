"""The map of the page: outlines, settings and what is embedded for the scripts."""
