"""Voluntary help, sealed and erasable."""
