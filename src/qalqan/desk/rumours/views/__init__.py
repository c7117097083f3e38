"""Pages of rumours; each module is one page and what is done on it."""
