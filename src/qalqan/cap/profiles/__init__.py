"""Profiles as data: one JSON file each."""
