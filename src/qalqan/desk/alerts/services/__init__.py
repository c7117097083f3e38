"""Every change in the room of alerts."""
