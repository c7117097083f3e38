"""Pages of the room of incidents."""
