"""Everything that writes or checks the audit."""

from qalqan.desk.platform.audit.services.recording import record, record_read
from qalqan.desk.platform.audit.services.sealing import create_seal_key, seal_day
from qalqan.desk.platform.audit.services.verifying import Verification, verify

__all__ = ["Verification", "create_seal_key", "record", "record_read", "seal_day", "verify"]
