"""Every act of the room of polls."""
