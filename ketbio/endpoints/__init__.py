"""Validated tables → tidy endpoints, one derivation per file."""
