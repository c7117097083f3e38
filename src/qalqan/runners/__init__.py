"""The same science functions on one machine or on a cluster, with the same numbers."""
