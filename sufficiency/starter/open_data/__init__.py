"""A model of an English authority built from published files: what no file says is estimated, and said to be."""
