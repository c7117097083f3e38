"""State bodies and civil groups, and who leads in which matter."""
