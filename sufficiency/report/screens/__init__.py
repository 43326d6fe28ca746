"""What a planner reads in the terminal: one screen a command."""
