"""The plan in many futures: what may come, the plan of each, and what they say together."""
