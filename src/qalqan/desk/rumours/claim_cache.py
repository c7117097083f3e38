"""The index of claims that a process keeps between batches.

The database is the truth: the messages that opened a claim, in order. What is in memory is used
only where its running digest equals the one in the `Tally` row; a process that fell behind
catches up, one whose transaction was undone begins anew. So a claim's number does not depend on
restarts or on how many processes write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from django.db import connection, transaction
from django.utils.translation import gettext as _

from qalqan.desk.rumours.models import Message, Tally
from qalqan.errors import IntegrityError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.science.rumours.group import ClaimIndex

_CHUNK = 4096
CHEAP = 50_000
"""So many claims are read into memory in well under a second."""


def next_mark(mark: bytes, content_ids: Iterable[bytes]) -> bytes:
    """Carry the running digest on over the messages that opened the next claims."""
    for content_id in content_ids:
        mark = blake2b(mark + content_id, digest_size=16).digest()
    return mark


@dataclass(slots=True)
class Cache:
    """An index and the state of the database that it stands for."""

    database: str
    index: ClaimIndex
    claims: int = 0
    mark: bytes = field(default=b"")
    is_committed: bool = False


_cache: Cache | None = None


def _database() -> str:
    return f"{connection.vendor}:{connection.settings_dict['NAME']}"


def new_index() -> ClaimIndex:
    """Return an index under the rules and parameters of this desk."""
    from qalqan.science.rumours.group import ClaimIndex

    return ClaimIndex()


def _empty() -> Cache:
    return Cache(_database(), new_index())


def _read_on(cache: Cache, tally: Tally) -> None:
    """Take in the claims that the database has and the cache has not."""
    rows = (
        Message.objects.filter(opens_claim=True, claim_number__gt=cache.claims)
        # Not by key: a claim that was split off another is led by an older message.
        .order_by("claim_number")
        .values_list("text", "content_id")
        .iterator(chunk_size=_CHUNK)
    )
    texts: list[str] = []
    ids: list[bytes] = []

    def take() -> None:
        # What opened a claim leads it, even if today's rules would have let it join another:
        # numbers once given stay, and new rules decide about new messages only.
        cache.index.add_leaders(texts)
        cache.claims += len(texts)
        cache.mark = next_mark(cache.mark, ids)
        texts.clear()
        ids.clear()

    for text, content_id in rows:
        texts.append(text)
        ids.append(bytes(content_id))
        if len(texts) == _CHUNK:
            take()
    take()
    if cache.claims != tally.claims or cache.mark != bytes(tally.mark):
        raise IntegrityError(_("The stored claims do not agree with their tally."))


def cache_for(tally: Tally) -> Cache:
    """Return an index that holds exactly the claims of the database.

    Parameters
    ----------
    tally
        The locked row.

    Raises
    ------
    IntegrityError
        The stored messages and claims contradict each other.
    """
    global _cache
    mark = bytes(tally.mark)
    usable = _cache is not None and _cache.database == _database()
    if usable and _cache and _cache.claims == tally.claims and _cache.mark == mark:
        _cache.is_committed = True
        return _cache
    behind = usable and _cache is not None and _cache.is_committed and _cache.claims < tally.claims
    cache = _cache if behind and _cache else _empty()
    _cache = None  # stays so if reading fails
    _read_on(cache, tally)
    cache.is_committed = True
    _cache = cache
    return cache


def assign(
    tally: Tally, texts: Sequence[str], content_ids: Sequence[bytes]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give new messages their claims, and carry the tally on.

    Parameters
    ----------
    tally
        The locked row; its ``claims`` and ``mark`` are changed, the caller saves it.
    texts, content_ids
        The messages, in the order in which they are stored.

    Returns
    -------
    numbers
        The number of each message's claim, from 1.
    opens
        Whether the message is the first of its claim.
    """
    global _cache
    cache = cache_for(tally)
    _cache = None  # an index that failed half-way is not used again
    raw = cache.index.add_many(texts)
    before = np.concatenate([[cache.claims - 1], np.maximum.accumulate(raw)[:-1]])
    opens = raw > np.maximum(before, cache.claims - 1)
    opening = [content_ids[i] for i in np.flatnonzero(opens).tolist()]
    cache.claims += len(opening)
    cache.mark = next_mark(cache.mark, opening)
    cache.is_committed = False
    tally.claims, tally.mark = cache.claims, cache.mark
    mark = cache.mark

    def confirm() -> None:
        if cache.mark == mark:
            cache.is_committed = True

    transaction.on_commit(confirm)
    _cache = cache
    return raw + 1, opens


def rules() -> str:
    """Return the version and the parameters of the rules that group messages now."""
    return (_cache.index if _cache else new_index()).rules


def is_cheap(tally: Tally) -> bool:
    """Tell whether a web request may store messages itself, or should leave it to the worker."""
    known = _cache.claims if _cache and _cache.database == _database() else 0
    missing = tally.claims - known if known <= tally.claims else tally.claims
    return missing <= CHEAP
