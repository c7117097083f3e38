"""Everything that writes or checks the audit."""

from qalqan.desk.platform.audit.services.recording import note_export, record, record_read
from qalqan.desk.platform.audit.services.sealing import create_seal_key, public_key, seal_day
from qalqan.desk.platform.audit.services.verifying import Verification, verify

__all__ = [
    "Verification",
    "create_seal_key",
    "note_export",
    "public_key",
    "record",
    "record_read",
    "seal_day",
    "verify",
]
