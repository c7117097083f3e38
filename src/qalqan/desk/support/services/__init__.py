"""Every act of the room of support."""
