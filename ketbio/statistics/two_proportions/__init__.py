"""Two proportions: how tables are ordered, and the worst case of the proportion not known."""
