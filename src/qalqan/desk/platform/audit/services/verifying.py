"""Checking the whole chain, at constant memory, and naming the first entry that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, models, router, transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import triggers
from qalqan.desk.platform.audit.chain import entry_hash
from qalqan.desk.platform.audit.models import GENESIS, AuditEntry, AuditHead, AuditSeal
from qalqan.desk.platform.audit.services.sealing import key_folder, key_name, public_key, seal_text

PAGE = 5000
FIELDS = (
    "sequence", "written_at", "actor_label", "role", "action", "subject", "detail_json",
    "previous_hash", "entry_hash",
)  # fmt: skip
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the chain found.

    Parameters
    ----------
    ok
        Whether every entry, seal and signature is as it was written.
    entries
        How many entries were found whole.
    first_broken
        Number of the first entry that is missing, changed, or cut off.
    reason
        What is wrong with it, in the reader's language.
    seals, signed
        How many daily seals were compared, and how many of them bear a good signature.
    guarded
        Whether the database still refuses changes by itself.
    """

    ok: bool
    entries: int
    first_broken: int | None = None
    reason: str = ""
    seals: int = 0
    signed: int = 0
    guarded: bool = True


class _Broken(Exception):
    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(reason)
        self.sequence = sequence
        self.reason = reason


@dataclass(slots=True)
class _Tally:
    entries: int = 0
    seals: int = 0
    signed: int = 0


def verify(*, progress: Progress | None = None, keys: Path | None = None) -> Verification:
    """Check every entry, the head, and every seal.

    Parameters
    ----------
    progress
        Called with (entries checked, entries expected) about every five thousand entries.
    keys
        Folder with the public key; the desk's own by default.
    """
    using = router.db_for_read(AuditEntry)
    guarded = not triggers.missing(connections[using])
    tally = _Tally()
    try:
        _check_chain(tally, progress, _checked_seals(tally, keys or key_folder()))
    except _Broken as broken:
        return Verification(
            False, tally.entries, broken.sequence, broken.reason, tally.seals, tally.signed, guarded
        )
    return Verification(
        True, tally.entries, seals=tally.seals, signed=tally.signed, guarded=guarded
    )


def _extent() -> tuple[int, AuditHead]:
    # An act moves the head and adds its entry in one transaction, so reading the last entry
    # first can never find an entry beyond the head unless somebody put it there.
    with transaction.atomic():
        last = AuditEntry.objects.aggregate(last=models.Max("sequence"))["last"] or 0
        head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return int(last), head


def _check_chain(
    tally: _Tally, progress: Progress | None, seals: dict[int, list[AuditSeal]]
) -> None:
    last, head = _extent()
    expected = max(head.sequence, max(seals, default=0))
    previous = GENESIS
    for row in _rows(last):
        sequence = tally.entries + 1
        previous = _check_entry(row, sequence, previous)
        for seal in seals.get(sequence, ()):
            if seal.entry_hash != previous:
                raise _Broken(
                    sequence, _("It differs from the head sealed on %(day)s.") % {"day": seal.day}
                )
            tally.seals += 1
        if sequence == head.sequence and previous != head.hash:
            raise _Broken(sequence, _("It differs from the head of the chain."))
        tally.entries = sequence
        if progress and sequence % PAGE == 0:
            progress(sequence, expected)
    if tally.entries < expected:
        raise _Broken(tally.entries + 1, _("It is missing: the chain was cut off at the end."))
    if last > head.sequence:
        raise _Broken(head.sequence + 1, _("It stands beyond the head of the chain."))
    if progress:
        progress(tally.entries, expected)


def _rows(last: int) -> Iterator[tuple[Any, ...]]:
    # Pages by key keep memory constant on both databases and hold no long transaction.
    after: int | None = None
    while True:
        page = AuditEntry.objects.filter(sequence__lte=last).order_by("sequence")
        if after is not None:
            page = page.filter(sequence__gt=after)
        rows = list(page.values_list(*FIELDS)[:PAGE])
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _check_entry(row: tuple[Any, ...], sequence: int, previous: str) -> str:
    if row[0] != sequence:
        if row[0] < sequence:
            raise _Broken(row[0], _("Its number is below the first number."))
        raise _Broken(sequence, _("It is missing."))
    if row[7] != previous:
        raise _Broken(sequence, _("It does not follow from the entry before it."))
    if entry_hash(*row[:8]) != row[8]:
        raise _Broken(sequence, _("It was changed after it was written."))
    return str(row[8])


def _checked_seals(tally: _Tally, keys: Path) -> dict[int, list[AuditSeal]]:
    """Return the seals by entry number, once their signatures are found good."""
    from cryptography.exceptions import InvalidSignature

    key = public_key(keys)
    by_sequence: dict[int, list[AuditSeal]] = {}
    signing_began = False
    for seal in AuditSeal.objects.order_by("day"):
        by_sequence.setdefault(seal.sequence, []).append(seal)
        if key is None:
            continue
        if not seal.signature:
            if signing_began:
                raise _Broken(
                    seal.sequence, _("The seal of %(day)s bears no signature.") % {"day": seal.day}
                )
            continue
        signing_began = True
        if seal.key_id != key_name(key):
            raise _Broken(
                seal.sequence,
                _("The seal of %(day)s was signed with another key.") % {"day": seal.day},
            )
        try:
            key.verify(
                bytes.fromhex(seal.signature), seal_text(seal.day, seal.sequence, seal.entry_hash)
            )
        except (InvalidSignature, ValueError):
            raise _Broken(
                seal.sequence, _("The signature of %(day)s is not good.") % {"day": seal.day}
            ) from None
        tally.signed += 1
    return by_sequence
