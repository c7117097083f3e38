"""What the room of support reads."""
