"""What the room of agencies keeps."""
