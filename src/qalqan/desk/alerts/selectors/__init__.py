"""Every reading in the room of alerts."""
