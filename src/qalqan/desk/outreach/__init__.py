"""Activities, public meetings and field notes."""
