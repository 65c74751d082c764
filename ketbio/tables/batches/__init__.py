"""Tables too large for memory: screened in batches, what is odd looked at as in a small table."""
