"""What the room of outreach reads."""
