"""The catalogue of tables: every column that is read or written, what it means and in which unit."""
