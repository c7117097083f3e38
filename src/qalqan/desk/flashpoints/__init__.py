"""Where and when more happens than expected."""
