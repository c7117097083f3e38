"""Pages of the room of support."""
