"""Pages of the room of outreach."""
