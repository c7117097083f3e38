"""Keeping the desk itself in order: creating it, checking it, backing it up."""
