"""Linear mixed models by their likelihood: patterns, structures, derivatives, the maximum."""
