"""What the room of agencies reads."""
