"""Files that other teams keep, set against a model: what matches, what does not, and the tables that follow."""
