"""What the worker does about indicators: it asks; a person locks."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission.services.performance_locking import ask_for_lock
from qalqan.desk.platform.jobs.periodic import Periodic

PERIODIC = [
    Periodic("commission.ask_for_lock", _("Ask for the past month to be locked"), ask_for_lock,
             at=time(6, 10)),
]  # fmt: skip
