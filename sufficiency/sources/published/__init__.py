"""What anyone can download about an English authority: DfE, ONS and MHCLG files, found by what is in them and read."""
