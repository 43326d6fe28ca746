"""Files that other teams of a council keep: found by what is in them, and read."""
