"""The guard that every free text passes."""
