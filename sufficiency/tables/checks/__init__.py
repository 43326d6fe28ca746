"""What is only wrong between tables, or between a table and the model file: a module a kind of table."""
