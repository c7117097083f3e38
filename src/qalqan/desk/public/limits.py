"""How often one sender may ask; kept in memory, never stored."""

from datetime import timedelta

from qalqan.desk.platform.privacy.limits import RateLimit

LOOK_UP = RateLimit(20, timedelta(hours=1))
"""Reference numbers an address may try in an hour; guessing one needs 10^23 tries."""
SUBSCRIBE = RateLimit(5, timedelta(hours=1))
"""Mails that ask to confirm, from one address in an hour."""
