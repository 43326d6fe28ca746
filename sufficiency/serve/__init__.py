"""What-ifs in the browser, served to the planner's own machine and to nobody else."""
