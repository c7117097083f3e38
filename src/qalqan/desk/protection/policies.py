"""Who may see and change what the room of protection keeps."""
