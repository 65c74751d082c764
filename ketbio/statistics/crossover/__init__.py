"""Crossovers: every participant under several treatments, one per period."""
