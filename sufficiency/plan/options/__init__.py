"""Which options open, and when."""
