"""What the room of support keeps."""
