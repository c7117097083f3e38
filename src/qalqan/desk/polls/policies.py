"""Who may see and change what the room of polls keeps."""
