"""What the room of the commission reads."""
