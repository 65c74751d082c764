"""Correlation: every way to pair y with x, one file per statistic or way of counting."""
