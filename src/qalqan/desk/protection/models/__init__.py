"""What the room of protection keeps."""
