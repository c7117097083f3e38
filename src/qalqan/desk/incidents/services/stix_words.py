"""What reading and writing STIX share: names of extensions, grades and precisions."""

from __future__ import annotations

from uuid import UUID

CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"
"""The Incident Core Extension of the OASIS committee."""

LEDGER = "extension-definition--962b94a4-a9ec-41a6-9e02-9b84588bdff0"
"""Our own property extension: the columns of the ledger, so that nothing is lost on the way."""

DESK = "identity--4a763037-be6d-490c-b82a-85dc929b8722"
NAMES = UUID("85167ed1-ae12-46de-ae67-f526864fa5b2")
"""The name space of the objects that a ledger hands out: the same incident has the same name."""

FORMAT = 1

KINDS_OF_BODIES = ("organization", "class", "system")
"""Classes of identities that may be a source; individuals and groups of them may not."""

FIDELITIES = {
    "year": "year", "month": "month", "day": "day", "hour": "hour",
    "minute": "minute", "second": "minute", "millisecond": "minute",
}  # fmt: skip
"""How exactly an event's time is told, as the ledger says it."""

_CREDIBILITIES = ((80, 1), (60, 2), (40, 3), (20, 4), (0, 5))


def credibility_of(confidence: int | None) -> str:
    """Return the Admiralty credibility that a confidence stands for (STIX 2.1, appendix A).

    >>> credibility_of(90), credibility_of(30), credibility_of(None)
    ('1', '4', '6')
    """
    if confidence is None:
        return "6"
    return str(next(grade for least, grade in _CREDIBILITIES if confidence >= least))
