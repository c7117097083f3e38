"""Every act of the room of commission."""
