"""Pages of polls; they only translate."""
