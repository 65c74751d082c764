"""Arrangements counted or drawn, whatever they are of: from a design to its p value."""
