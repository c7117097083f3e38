"""Protection: risk, games, sampling, budgets, coverage, acoustics."""
