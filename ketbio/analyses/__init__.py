"""Endpoints → `Result`: one file per question."""
