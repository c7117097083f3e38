"""Evidence and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources.models import Credibility, Source
from qalqan.desk.rumours.models import Claim, Evidence, Verdict, VerdictValue
from qalqan.desk.rumours.services.flow import account_of, locked, move
from qalqan.errors import ConflictError, InputError, Location

S = Claim.State
_INNER_ENDINGS = frozenset({"local", "localhost", "internal", "lan", "intranet", "corp", "home"})


def checked_link(url: str) -> str:
    """Return the address of a public document.

    Raises
    ------
    InputError
        It is no ``https`` address of a public host, or carries a user name.
    """
    address = url.strip()
    if not address:
        return ""
    where = Location(field="url")
    try:
        URLValidator(schemes=["https"])(address)
        parts = urlsplit(address)
        host, has_user = parts.hostname or "", bool(parts.username or parts.password)
    except (ValidationError, ValueError):
        raise InputError(_("The link must be a whole https address."), location=where) from None
    if has_user or "." not in host or _is_inner(host) or screen(address).traces:
        raise InputError(
            _("The link must lead to a public document, not to a person or an inner network."),
            location=where,
        )
    return address


def _is_inner(host: str) -> bool:
    """Tell whether a host is a bare number, or a name that only an inner network knows."""
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdigit() or last in _INNER_ENDINGS


@transaction.atomic
def add_evidence(
    *,
    actor: Actor,
    claim: Claim,
    source: Source,
    credibility: int,
    speaks: str,
    text: str,
    found_at: datetime,
    now: datetime,
    url: str = "",
    is_sample: bool = False,
) -> Evidence:
    """Add what a graded source says for or against a claim.

    Parameters
    ----------
    source
        Its grade of this moment is kept with the item.
    credibility
        Of what it says, 1 to 6; never blended with the grade of the source.
    url
        Of a public document, ``https``.

    Raises
    ------
    ConflictError
        The claim is not being checked.
    InputError
        The text is empty or names a person, the link is none, the time lies ahead.
    RefusedError
        The actor may not add evidence.
    """
    require(actor, ADD, Evidence)
    row = locked(actor, claim)
    if row.state not in (S.CHECKING, S.VERDICT):
        raise ConflictError(_("Take the claim first; evidence is added while it is checked."))
    words = " ".join(text.split())
    if not words:
        raise InputError(_("Say what the source says."), location=Location(field="text"))
    if screen(words).traces:
        raise InputError(
            _("Evidence names no persons and no numbers of theirs."),
            location=Location(field="text"),
        )
    if found_at > now:
        raise InputError(_("This lies in the future."), location=Location(field="found_at"))
    item = Evidence.objects.create(
        claim=row,
        source=source,
        reliability=source.reliability,
        credibility=Credibility(credibility),
        speaks=Evidence.Speaks(speaks),
        text=words,
        url=checked_link(url),
        found_at=found_at,
        added_by=account_of(actor),
        added_at=now,
        is_sample=is_sample,
    )
    record(
        actor=actor, action="rumours.add_evidence", subject=row, now=now,
        detail={
            "evidence": item.pk, "source": source.pk,
            "grade": f"{item.reliability}{item.credibility}", "speaks": speaks,
        },
    )  # fmt: skip
    return item


@transaction.atomic
def give_verdict(
    *,
    actor: Actor,
    claim: Claim,
    value: str,
    reason: str,
    evidence: Sequence[Evidence],
    now: datetime,
    is_sample: bool = False,
) -> Verdict:
    """Say what the desk holds of a claim, and on which evidence.

    "True", "false" and "misleading" need at least one item of evidence; its newest date is the
    date of the verdict.

    Raises
    ------
    ConflictError
        The claim is not being checked, or by somebody else.
    InputError
        There is no reason, no evidence, or evidence of another claim.
    """
    require(actor, ADD, Verdict)
    row = locked(actor, claim)
    account = account_of(actor)
    if row.owner_id is not None and account is not None and row.owner_id != account.pk:
        raise ConflictError(_("%(name)s checks this claim.") % {"name": row.owner})
    why = screen(" ".join(reason.split())).text[:1000]
    if not why:
        raise InputError(_("Say why."), location=Location(field="reason"))
    if any(item.claim_id != row.pk for item in evidence):
        raise InputError(
            _("This evidence belongs to another claim."), location=Location(field="evidence")
        )
    kind = VerdictValue(value)
    if not evidence and kind != VerdictValue.UNVERIFIABLE:
        raise InputError(
            _("A verdict rests on at least one item of evidence."),
            location=Location(field="evidence"),
        )
    before = move(row, S.VERDICT, now=now, owner=row.owner or account)
    verdict = Verdict.objects.create(
        claim=row, value=kind, reason=why, given_by=account, given_at=now, is_sample=is_sample,
        as_of=max((item.found_at for item in evidence), default=now),
    )  # fmt: skip
    verdict.evidence.set(evidence)
    record(
        actor=actor, action="rumours.give_verdict", subject=row, now=now,
        detail={"from": before, "verdict": value, "evidence": [item.pk for item in evidence]},
    )  # fmt: skip
    return verdict
