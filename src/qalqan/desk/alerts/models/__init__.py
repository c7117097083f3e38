"""What the room of alerts keeps."""
