"""The chain file of a report: every entry's leaf and link, and the public entries in full."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from qalqan.desk.commission.models import QuarterReport
from qalqan.desk.commission.selectors.reports import chain_of
from qalqan.desk.platform.audit import selectors as audit
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.privacy.sealing import lookups
from qalqan.verify.canonical import canonical
from qalqan.verify.chain import GENESIS_LINK, SCHEMA, Head, leaf_of, link_of

PUBLIC_ACTIONS = frozenset({
    "commission.draft_report", "commission.lock_report", "commission.publish_report",
    "commission.publish_account", "commission.correct_account", "commission.lock_figure",
    "commission.correct_figure", "releases.published", "releases.refused",
    "releases.series_declared", "rumours.publish_answer", "rumours.correct_answer",
    "rumours.withdraw_answer", "polls.publish", "audit.seal_day",
})  # fmt: skip
"""Acts that are told in full: they speak of publishing, locking and correcting only."""

_PURPOSE = "commission.chain-salt"
_READER = SystemActor("report")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a report says of the chain, and the file that shows it."""

    start: Head
    head: Head
    entry_hash: str
    file: bytes


def salt_of(sequence: int) -> str:
    """Return the salt of an entry's leaf; without the desk's secret key nobody can compute it."""
    return lookups(str(sequence), purpose=_PURPOSE)[0]


def prove(code: str) -> Proof:
    """Write the chain file from the end of the last published report to the chain's head.

    Call it inside the act that locks the report, after its entry was written: no other act can
    then write an entry before the transaction ends.

    Parameters
    ----------
    code
        The report's, as "2026-Q3-v1".
    """
    start = last_head()
    entries: list[list[object]] = []
    told: dict[str, dict[str, str]] = {}
    known: set[int] = {start.sequence} if start.sequence else set()
    link, last = start.link, ""
    head = audit.head()
    if head is None:
        raise RuntimeError("the entry that locks the report is written before its proof")
    for row in _entries(start.sequence, head.sequence):
        salt = salt_of(row.sequence)
        leaf = leaf_of(salt, row.entry_hash)
        link, last = link_of(link, row.sequence, leaf), row.entry_hash
        entries.append([row.sequence, leaf, link])
        if row.action in PUBLIC_ACTIONS and _may_tell(row.sequence, told, known):
            told[str(row.sequence)] = _told(row, salt)
            known |= {row.sequence - 1, row.sequence}
    end = Head(head.sequence, link)
    data = {
        "schema": SCHEMA, "report": code,
        "start": {"sequence": start.sequence, "link": start.link},
        "head": {"sequence": end.sequence, "link": end.link},
        "entries": entries, "public": told,
    }  # fmt: skip
    return Proof(start, end, last, zlib.compress(canonical(data), 6))


def last_head() -> Head:
    """Return where the last published report left the chain; its beginning before the first."""
    last = (
        QuarterReport.objects.filter(state=QuarterReport.State.PUBLISHED)
        .order_by("-chain_sequence")
        .values_list("chain_sequence", "chain_link")
        .first()
    )
    return Head(int(last[0] or 0), last[1]) if last else Head(0, GENESIS_LINK)


def _may_tell(sequence: int, told: dict[str, dict[str, str]], known: set[int]) -> bool:
    """Tell whether an entry may be told without giving a private one away.

    To tell an entry is to tell the hash before it. Somebody who knows the hashes on both sides
    of a private entry can try what it may say until they fit; so the entry after a private one
    is told only where the hash before that one is unknown. A report's head, whose hash is
    printed, is always the entry that locks it, and no private one.
    """
    before = sequence - 1
    return before < 1 or str(before) in told or before - 1 not in known


def _told(row: AuditEntry, salt: str) -> dict[str, str]:
    return {
        "written_at": row.written_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor_label, "role": row.role, "action": row.action,
        "subject": row.subject, "detail": row.detail_json, "previous_hash": row.previous_hash,
        "salt": salt,
    }  # fmt: skip


def _entries(after: int, until: int) -> Iterator[AuditEntry]:
    rows = audit.entries(_READER).filter(sequence__gt=after, sequence__lte=until)
    yield from rows.order_by("sequence").iterator(chunk_size=5000)


def changed_since(report: QuarterReport) -> int | None:
    """Return the first entry that no longer gives the leaf it had when a report was published.

    Only the desk can ask this: it knows the salts. Nothing where every leaf is as it was.
    """
    found = json.loads(chain_of(report))
    leaves = {number: leaf for number, leaf, _link in found["entries"]}
    expected = iter(sorted(leaves))
    for row in _entries(found["start"]["sequence"], found["head"]["sequence"]):
        number = next(expected, None)
        if number != row.sequence:
            return int(number if number is not None else row.sequence)
        if leaf_of(salt_of(row.sequence), row.entry_hash) != leaves[number]:
            return int(row.sequence)
    missing = next(expected, None)
    return None if missing is None else int(missing)
