"""Studies of results: what several of them say together."""
