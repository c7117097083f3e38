"""Pages of the room of the commission."""
