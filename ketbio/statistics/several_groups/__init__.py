"""Three groups or more: every way to deal their labels."""
