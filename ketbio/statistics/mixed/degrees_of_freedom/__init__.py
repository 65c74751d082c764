"""What small samples do to a test of fixed effects: one method per file."""
