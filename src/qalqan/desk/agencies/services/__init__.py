"""Every act of the room of agencies."""
