"""The chain of the audit as outsiders see it: salted leaves, links, and entries told in full.

The audit's own hashes are not published: who knows the hashes before and after an entry can try
what it may say until the hash fits. Each hash is therefore published as a leaf, hashed with a
salt that only the desk knows; the leaves are linked one to the next. Of entries that are public
the salt, the words and the hash before are told, so that everybody can compute their leaf.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from qalqan.verify import canonical
from qalqan.verify.refusals import BadReportError

SCHEMA = "qalqan-chain-1"
GENESIS_LINK = "0" * 64
ENTRY_FORMAT = "qalqan-audit-1"
ENTRY_FIELDS = ("written_at", "actor", "role", "action", "subject", "detail", "previous_hash")
_HEX = re.compile(r"[0-9a-f]{64}")


def leaf_of(salt: str, entry_hash: str) -> str:
    """Return what is published instead of an entry's hash.

    >>> leaf_of("00", "ff") == leaf_of("01", "ff")
    False
    """
    text = f"qalqan-chain-leaf-1:{salt}:{entry_hash}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link_of(previous_link: str, sequence: int, leaf: str) -> str:
    """Return the link that holds an entry and everything before it."""
    text = f"qalqan-chain-link-1:{previous_link}:{sequence}:{leaf}"
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(sequence: int, entry: Mapping[str, str]) -> str:
    """Return an entry's hash as the audit computes it."""
    parts = [ENTRY_FORMAT, sequence, *(entry[name] for name in ENTRY_FIELDS)]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """An entry's number and the link that holds it and all before it."""

    sequence: int
    link: str


@dataclass(slots=True)
class ChainFile:
    """One chain file: where it begins, its links, and what is wrong with it.

    Parameters
    ----------
    links
        Of every entry, by its number.
    told
        The audit's own hash of every entry that is told in full and fits.
    """

    name: str
    report: str
    start: Head
    head: Head
    links: dict[int, str]
    told: dict[int, str]
    faults: list[str] = field(default_factory=list)

    def link_at(self, sequence: int) -> str | None:
        """Return the link of an entry, or nothing where the file does not reach it."""
        return self.start.link if sequence == self.start.sequence else self.links.get(sequence)


def read_chain(data: bytes, *, file: str, most_faults: int = 20) -> ChainFile:
    """Read a chain file and compute all its links and all its public entries again.

    Raises
    ------
    BadReportError
        It is no chain file.
    """
    found = canonical.read(data, file=file)
    if found.get("schema") != SCHEMA:
        raise BadReportError(f"not a chain file: its schema is not {SCHEMA}", file=file)
    try:
        start, head = _head(found["start"]), _head(found["head"])
        rows = [_row(row) for row in found["entries"]]
        told = {int(number): dict(entry) for number, entry in found["public"].items()}
        report = str(found["report"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadReportError(f"not a chain file: {error!s:.80}", file=file) from None
    chain = ChainFile(file, report, start, head, {}, {})
    leaves = _linked(chain, rows)
    for number, entry in sorted(told.items()):
        fault = _told_fault(number, entry, leaves.get(number))
        if fault:
            chain.faults.append(fault)
        else:
            chain.told[number] = entry_hash(number, entry)
    chain.faults = chain.faults[:most_faults]
    return chain


def _head(found: Mapping[str, Any]) -> Head:
    sequence, link = found["sequence"], found["link"]
    if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 0:
        raise ValueError("a number of an entry is wrong")
    return Head(sequence, _hex(link))


def _hex(text: Any) -> str:
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise ValueError("a hash is not 64 hexadecimal digits")
    return text


def _row(row: Any) -> tuple[int, str, str]:
    number, leaf, link = row
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("a number of an entry is wrong")
    return number, _hex(leaf), _hex(link)


def _linked(chain: ChainFile, rows: list[tuple[int, str, str]]) -> dict[int, str]:
    """Recompute the links; each fault is told once, and the next link is judged by itself."""
    leaves: dict[int, str] = {}
    expected, previous = chain.start.sequence + 1, chain.start.link
    for number, leaf, link in rows:
        if number > expected:
            gap = f"{expected}" if number == expected + 1 else f"{expected} to {number - 1}"
            chain.faults.append(f"entry {gap} is missing")
        elif number < expected:
            chain.faults.append(f"entry {number} stands where entry {expected} should")
        elif link_of(previous, number, leaf) != link:
            chain.faults.append(f"entry {number} was changed: its link does not follow")
        leaves[number], chain.links[number] = leaf, link
        expected, previous = number + 1, link
    if expected - 1 < chain.head.sequence:
        chain.faults.append(f"entry {expected} is missing: the file ends before its head")
    elif expected - 1 > chain.head.sequence:
        chain.faults.append(f"entry {chain.head.sequence + 1} stands beyond the head")
    elif chain.link_at(chain.head.sequence) != chain.head.link:
        chain.faults.append(f"entry {chain.head.sequence} does not give the head's link")
    return leaves


def _told_fault(number: int, entry: Mapping[str, Any], leaf: str | None) -> str:
    if leaf is None:
        return f"entry {number} is told in full, but is not in the chain"
    wanted = {*ENTRY_FIELDS, "salt"}
    if set(entry) != wanted or not all(isinstance(value, str) for value in entry.values()):
        return f"entry {number} is told in full, but not with the right fields"
    if leaf_of(entry["salt"], entry_hash(number, entry)) != leaf:
        return f"entry {number}: its words do not give the leaf in the chain"
    return ""


def joined(files: list[ChainFile]) -> list[str]:
    """Return what is wrong where one chain file meets the next; they are put in order."""
    files.sort(key=lambda one: (one.start.sequence, one.head.sequence))
    return [
        f"{later.name} begins at entry {later.start.sequence}, "
        f"not where {earlier.name} ends (entry {earlier.head.sequence})"
        for earlier, later in pairwise(files)
        if earlier.head != later.start
    ]
