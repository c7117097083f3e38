"""How often one sender may hand something in."""

from datetime import timedelta

from qalqan.desk.platform.privacy.limits import RateLimit

__all__ = ["API", "HOTLINE", "WRONG_KEY", "RateLimit"]

HOTLINE = RateLimit(10, timedelta(hours=1))
"""Reports an address may send in an hour; families and offices share one."""
API = RateLimit(120, timedelta(minutes=1))
"""Requests a token may make in a minute."""
WRONG_KEY = RateLimit(20, timedelta(minutes=10))
"""Wrong keys an address may try in ten minutes."""
