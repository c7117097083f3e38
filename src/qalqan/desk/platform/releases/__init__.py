"""Counts that leave the desk: protected, attacked with all earlier ones, then published."""
