"""Incoming file → validated table, with every complaint named by cell."""
