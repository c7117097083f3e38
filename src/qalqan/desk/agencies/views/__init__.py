"""Pages of the room of agencies."""
