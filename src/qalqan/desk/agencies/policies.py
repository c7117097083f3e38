"""Who may see and change what the room of agencies keeps."""
