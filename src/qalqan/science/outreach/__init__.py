"""Outreach: gains with intervals, districts compared, and which events would close most."""
