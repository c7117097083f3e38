"""Every act of the room of outreach."""
