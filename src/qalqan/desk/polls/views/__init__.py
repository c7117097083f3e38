"""Pages of the room of polls."""
