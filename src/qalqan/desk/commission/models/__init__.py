"""What the room of commission keeps."""
