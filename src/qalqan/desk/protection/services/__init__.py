"""Every change in the room of protection."""
