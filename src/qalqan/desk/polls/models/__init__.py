"""What the room of polls keeps."""
