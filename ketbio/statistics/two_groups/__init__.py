"""Two groups: every way to deal their labels, one file per statistic."""
