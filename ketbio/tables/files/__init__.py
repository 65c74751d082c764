"""Incoming files → lines of text cells, each with its place."""
