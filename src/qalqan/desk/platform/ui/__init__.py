"""The shell of every page: navigation, components, formats."""
