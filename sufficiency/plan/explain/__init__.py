"""What a plan says: place values, prices of rules, who waits and why, shortfalls, doing nothing more."""
