"""Where a report comes from, and how far it is to be trusted."""
