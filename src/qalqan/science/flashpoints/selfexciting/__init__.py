"""Self-exciting processes: how much of what happens follows from what has just happened."""
