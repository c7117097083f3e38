"""Who may read the audit; nobody may change it."""

from qalqan.desk.platform.audit.models import AuditEntry, AuditHead, AuditSeal
from qalqan.desk.platform.policies import ADD, EVERY_ROLE, EXPORT, VIEW, Policy, Role, register

READERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})


@register(AuditEntry)
class AuditEntryPolicy(Policy):
    """The auditor and the administrator read; entries are written by acts alone."""

    can = {VIEW: READERS, EXPORT: frozenset({Role.AUDITOR})}


@register(AuditSeal)
class AuditSealPolicy(Policy):
    """The auditor and the administrator read; the auditor may seal a day."""

    can = {VIEW: READERS, ADD: frozenset({Role.AUDITOR})}


@register(AuditHead)
class AuditHeadPolicy(Policy):
    """Everyone may know the head: it is printed in the brief."""

    can = {VIEW: EVERY_ROLE}
