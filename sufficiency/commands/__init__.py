"""The commands, a module each. Each calls `sufficiency.api` and says what came of it."""
