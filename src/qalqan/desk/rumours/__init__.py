"""Claims, their copies, and their answers."""
