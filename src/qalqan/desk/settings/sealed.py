"""Where the desk's halves of support keys lie, apart from the database and its backups."""

from __future__ import annotations

import os

QALQAN_SUPPORT_RING = os.environ.get("QALQAN_SUPPORT_RING", "")
"""The folder of the halves; empty for ``support-ring`` in the desk's folder."""
QALQAN_SUPPORT_MIRROR = os.environ.get("QALQAN_SUPPORT_MIRROR", "")
"""A folder on another disk that keeps a copy of them; empty for none."""
