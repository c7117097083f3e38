"""Competing hypotheses: matrix, rankings, sensitivity, scoring; and series of incidents."""
