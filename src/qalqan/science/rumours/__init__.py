"""Claims: which messages say the same thing."""
