"""Public warnings: written, approved, sent, withdrawn."""
