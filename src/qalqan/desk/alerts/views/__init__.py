"""Pages of the room of alerts."""
