"""Flash-points: area × period with more than expected, and how sure we are."""
