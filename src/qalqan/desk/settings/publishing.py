"""Where answers are published to: the public address, e-mail, a channel; all off by default."""

from __future__ import annotations

import os

_ORIGINS = [origin for origin in os.environ.get("QALQAN_ORIGINS", "").split(",") if origin]
QALQAN_PUBLIC_URL = os.environ.get(
    "QALQAN_PUBLIC_URL", _ORIGINS[0] if _ORIGINS else "http://localhost:8000"
).rstrip("/")
"""What addresses in feeds, e-mails and posts begin with."""
QALQAN_PUBLISHER = os.environ.get("QALQAN_PUBLISHER", "Qalqan")
"""Who answers: the name in feeds and in ClaimReview."""

QALQAN_CHANNEL_URL = os.environ.get("QALQAN_CHANNEL_URL", "").rstrip("/")
QALQAN_CHANNEL_TOKEN = os.environ.get("QALQAN_CHANNEL_TOKEN", "")
QALQAN_CHANNEL_ID = os.environ.get("QALQAN_CHANNEL_ID", "")
QALQAN_TARGETS_MAY_BE_PRIVATE = False
"""Whether webhooks and the channel may lie in a private network, and without TLS."""

EMAIL_HOST = os.environ.get("QALQAN_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("QALQAN_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QALQAN_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QALQAN_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("QALQAN_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("QALQAN_MAIL_FROM", "qalqan@localhost")
QALQAN_MAIL_LIST = bool(EMAIL_HOST)
"""Whether readers may subscribe by e-mail."""
