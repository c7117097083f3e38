"""Who works at the desk, in which role, for which body."""
