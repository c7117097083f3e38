"""Pages about flash-points: scans, findings and their life, and scans that are only tried."""
