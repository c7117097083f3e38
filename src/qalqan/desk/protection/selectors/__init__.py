"""Every reading in the room of protection."""
