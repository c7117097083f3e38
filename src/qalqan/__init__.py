"""Qalqan: the prevention desk."""

__version__ = "0.1.0"
