"""Sites, inspections, notices and equipment."""
