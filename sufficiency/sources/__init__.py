"""Readers of published files and of other forecasters' outputs."""
