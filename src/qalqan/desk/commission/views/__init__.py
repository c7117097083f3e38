"""Pages of the room of commission."""
