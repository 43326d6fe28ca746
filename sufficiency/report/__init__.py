"""What a planner reads and shows: the screen, maps."""
