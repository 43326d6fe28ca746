"""The linear program: as arrays, in PuLP, and in HiGHS."""
