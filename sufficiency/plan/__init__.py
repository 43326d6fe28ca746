"""The placement plan: from a case to a proven optimal allocation of children to places."""
