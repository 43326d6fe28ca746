"""The page: one HTML file that says what a plan finds, with its map and charts drawn by Python."""
