"""Template tags of the brief."""
