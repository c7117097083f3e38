"""Who warns, and with which key; a desk that names none makes a key of its own and says so."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from qalqan.desk.settings.publishing import QALQAN_PUBLIC_URL

QALQAN_ALERT_SENDER = os.environ.get(
    "QALQAN_ALERT_SENDER", f"desk@{urlsplit(QALQAN_PUBLIC_URL).hostname or 'localhost'}"
)
"""What stands as the sender in every warning; unique in the world, without spaces and commas."""
QALQAN_ALERT_SENDER_NAME = os.environ.get("QALQAN_ALERT_SENDER_NAME", "")
"""Who warns, as people read it; one name, or three parted by ``|`` in Kazakh, Russian, English."""
QALQAN_ALERT_OID = os.environ.get("QALQAN_ALERT_OID", "")
"""Object identifier of the warning authority, which then begins every identifier."""
QALQAN_ALERT_NODE = os.environ.get("QALQAN_ALERT_NODE", "0")
"""Number of this machine where several share a database, 0 to 65535; no two have the same."""
QALQAN_ALERT_KEY = os.environ.get("QALQAN_ALERT_KEY", "")
QALQAN_ALERT_KEY_PASSPHRASE = os.environ.get("QALQAN_ALERT_KEY_PASSPHRASE", "")
QALQAN_ALERT_CERTIFICATE = os.environ.get("QALQAN_ALERT_CERTIFICATE", "")
"""PEM files of the key that signs warnings and of its certificate."""
