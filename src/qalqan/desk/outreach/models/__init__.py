"""What the room of outreach keeps."""
