"""How claims spread: which grow now, and how fast."""
