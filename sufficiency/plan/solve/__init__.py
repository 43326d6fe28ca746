"""From a case to a certified plan."""
