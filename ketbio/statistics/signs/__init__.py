"""Pairs: every way to deal the signs of their differences, one file per statistic."""
