"""Designed polls, their answers and their estimates."""
