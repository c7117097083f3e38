"""What the room of commission reads."""
