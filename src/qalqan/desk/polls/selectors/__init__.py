"""What the room of polls reads."""
