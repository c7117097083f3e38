"""Pages of the room of protection."""
