"""Design-based statistics of polls: estimates, replicates, calibration, tests and small areas."""
