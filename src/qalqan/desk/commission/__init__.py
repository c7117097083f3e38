"""Meetings, decisions, lessons and indicators."""
