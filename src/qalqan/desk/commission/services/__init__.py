"""Every act of the room of the commission."""
