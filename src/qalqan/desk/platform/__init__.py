"""Rooms that every other room of the desk stands on; they know no domain."""
