"""Compiled steps of `group.ClaimIndex`; `tests/support/slow_group.py` states them plainly."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disable-error-code=assignment
from __future__ import annotations

import numpy as np
from numba import njit

#: Newest leaders kept per bucket. A row of 8 keys and 8 leaders is one 64-byte cache line.
SLOTS = 8
#: Most distinct words compared; of longer texts the words with the smallest hashes stand in.
MAX_TOKENS = 48
#: Words read of a text; a book pasted into a post costs no more than a page.
MAX_WORDS = 1024
#: Candidates compared word by word.
MAX_VERIFIED = 12
#: Of the leaders that fit, the oldest wins among those nearly as alike as the likest: it is
#: likelier the source, and the others distorted copies that slipped through.
OLDER = 0.6
#: Stems are counted among leaders in this many cells; the cell after them counts the leaders.
SPREAD = 1 << 16
#: A stem in 1 of `COMMON` leaders counts half; `PRIOR` leaders are assumed before the first.
COMMON = 40.0
PRIOR = 50.0

_M1 = np.uint64(0x9E3779B97F4A7C15)
_M2 = np.uint64(0xBF58476D1CE4E5B9)
_M3 = np.uint64(0x94D049BB133111EB)
_S = np.uint64(29)
_HALF = np.uint64(32)
_CAND = 512


@njit(cache=True, nogil=True, inline="always")
def _mix(h):
    h = (h ^ (h >> np.uint64(30))) * _M2
    h = (h ^ (h >> np.uint64(27))) * _M3
    return h ^ (h >> np.uint64(31))


@njit(cache=True, nogil=True)
def read_words(codes, start, end, stem, seed, tokens):
    """Hash one normalised text.

    Fills `tokens` with the 32-bit hashes of its word stems in order, short words left out.
    Returns their count, the number of words, and the 64-bit hash of the whole text.
    """
    count = 0
    words = 0
    whole = seed ^ _M1
    i = start
    while i < end:
        h = seed
        head = seed
        j = i
        number = False
        while j < end and codes[j] != 32:
            c = codes[j]
            h = (h ^ np.uint64(c)) * _M1
            h ^= h >> _S
            number = number or (48 <= c <= 57)
            j += 1
            if j - i == stem:
                head = h
        size = j - i
        if size < stem or number:
            head = h
        whole = (whole ^ h) * _M2
        whole ^= whole >> _S
        words += 1
        if (size > 2 or number) and count < tokens.size:
            tokens[count] = np.uint32(_mix(head) >> _HALF)
            count += 1
        i = j + 1
    return count, words, _mix(whole)


@njit(cache=True, nogil=True)
def _keep_smallest(values, n, limit):
    """Sort the first `n` values, drop repeats, keep the smallest `limit`; return how many."""
    if n <= 64:
        for i in range(1, n):
            v = values[i]
            j = i - 1
            while j >= 0 and values[j] > v:
                values[j + 1] = values[j]
                j -= 1
            values[j + 1] = v
    else:
        values[:n] = np.sort(values[:n])
    kept = 0
    for i in range(n):
        if kept == 0 or values[i] != values[kept - 1]:
            values[kept] = values[i]
            kept += 1
            if kept == limit:
                break
    return kept


@njit(cache=True, nogil=True)
def pair_keys(tokens, count, reach, limit, keys):
    """Hash the pairs of words at most `reach` apart; keep the `limit` smallest, sorted."""
    n = 0
    for i in range(count):
        for d in range(1, min(reach, count - 1 - i) + 1):
            h = _mix((np.uint64(tokens[i]) << _HALF) | np.uint64(tokens[i + d]))
            key = np.uint32(h >> _HALF) | np.uint32(1)
            if n == limit and key >= keys[n - 1]:
                continue
            j = n
            while j > 0 and keys[j - 1] > key:
                j -= 1
            if j > 0 and keys[j - 1] == key:
                continue
            for m in range(min(n, limit - 1), j, -1):
                keys[m] = keys[m - 1]
            keys[j] = key
            n = min(n + 1, limit)
    return n


@njit(cache=True, nogil=True, inline="always")
def weight(token, spread):
    """Return how much a word stem says: nearly 1 if rare among leaders, little if common."""
    return 1.0 / (1.0 + COMMON * spread[token >> 16] / (spread[SPREAD] + PRIOR))


@njit(cache=True, nogil=True)
def resemblance(a, na, weights, b, j, nb, spread):
    """Weighted Jaccard index of two sorted stem sets, or its bottom-k estimate for cut ones.

    The sets are `a[:na]` and `b[j:nb]`.
    """
    i, union = 0, 0
    shared, total = 0.0, 0.0
    limit = 2 * MAX_TOKENS
    if na == MAX_TOKENS or nb - j == MAX_TOKENS:
        limit = MAX_TOKENS
    while (i < na or j < nb) and union < limit:
        if j == nb or (i < na and a[i] < b[j]):
            total += weights[i]
            i += 1
        elif i == na or a[i] > b[j]:
            total += weight(b[j], spread)
            j += 1
        else:
            shared += weights[i]
            total += weights[i]
            i += 1
            j += 1
        union += 1
    return shared / total if total > 0.0 else 0.0


@njit(cache=True, nogil=True, inline="always")
def _find(table, values, h):
    """Return the row of hash `h`, or the empty row where it belongs."""
    mask = np.uint64(table.size - 1)
    p = h & mask
    while values[p] != 0 and table[p] != h:
        p = (p + np.uint64(1)) & mask
    return p


@njit(cache=True, nogil=True)
def _insert_key(rows, key, leader):
    row = rows[(np.uint64(key) * _M1) >> np.uint64(64 - _bits(rows.shape[0]))]
    for s in range(SLOTS - 1, 0, -1):
        row[s] = row[s - 1]
        row[SLOTS + s] = row[SLOTS + s - 1]
    row[0] = key
    row[SLOTS] = np.uint32(leader + 1)


@njit(cache=True, nogil=True, inline="always")
def _bits(size):
    b = 0
    while (1 << b) < size:
        b += 1
    return b


@njit(cache=True, nogil=True)
def grow_rows(old, new):
    """Move every bucket entry into a larger table, oldest first."""
    for r in range(old.shape[0]):
        for s in range(SLOTS - 1, -1, -1):
            leader = old[r, SLOTS + s]
            if leader:
                _insert_key(new, old[r, s], np.int64(leader) - 1)


@njit(cache=True, nogil=True)
def grow_exact(old_hash, old_value, new_hash, new_value):
    """Move every exact-copy entry into a larger table."""
    for p in range(old_hash.size):
        if old_value[p]:
            q = _find(new_hash, new_value, old_hash[p])
            new_hash[q] = old_hash[p]
            new_value[q] = old_value[p]


@njit(cache=True, nogil=True)
def _candidates(rows, keys, n_keys, floor, slot_id, slot_votes, found):
    """Count, for each leader met in the buckets of `keys`, how many keys it shares."""
    shift = np.uint64(64 - _bits(rows.shape[0]))
    n = 0
    for k in range(n_keys):
        key = keys[k]
        r = (np.uint64(key) * _M1) >> shift
        for s in range(SLOTS):
            leader = rows[r, SLOTS + s]
            if rows[r, s] != key or leader == 0 or np.int64(leader) - 1 < floor:
                continue
            p = np.int64((np.uint64(leader) * _M1) >> np.uint64(55))
            while slot_id[p] != 0 and slot_id[p] != leader:
                p = (p + 1) & (_CAND - 1)
            if slot_id[p] == 0:
                if n == found.size:
                    continue
                slot_id[p] = leader
                slot_votes[p] = 0
                found[n] = p
                n += 1
            slot_votes[p] += 1
    return n


@njit(cache=True, nogil=True)
def _best(
    slot_id, slot_votes, found, n, words, n_words, weights, flat, starts, spread, threshold,
    close, scores,
):  # fmt: skip
    """Compare the likeliest candidates word by word; return the leader + 1, or 0."""
    most, n_close, highest = 0, 0, 0.0
    for _ in range(min(n, MAX_VERIFIED)):
        top = -1
        for c in range(n):
            if slot_votes[found[c]] == 0:
                continue
            if top < 0:
                top = c
                continue
            a, b = found[c], found[top]
            if slot_votes[a] > slot_votes[b] or (
                slot_votes[a] == slot_votes[b] and slot_id[a] > slot_id[b]
            ):
                top = c
        if 3 * slot_votes[found[top]] < most:
            break
        most = max(most, slot_votes[found[top]])
        leader = slot_id[found[top]]
        slot_votes[found[top]] = 0
        lo, hi = starts[leader - 1], starts[leader]
        score = resemblance(words, n_words, weights, flat, lo, hi, spread)
        if score >= threshold:
            close[n_close], scores[n_close] = leader, score
            n_close += 1
            highest = max(highest, score)
    best = np.uint32(0)
    for c in range(n_close):
        if scores[c] >= OLDER * highest and (best == 0 or close[c] < best):
            best = close[c]
    for c in range(n):
        slot_id[found[c]] = 0
    return best


@njit(cache=True, nogil=True)
def assign(
    codes, offsets, raw, first, stop_at, stem, min_words, reach, n_keys, threshold, seed, floor,
    n_leaders, exact_hash, exact_value, rows, flat, starts, spread, out,
):  # fmt: skip
    """Give claim numbers to the texts from `first` on.

    Stops before the text that would need more than `stop_at` leaders. Returns the number of
    texts done and of leaders now known.
    """
    tokens = np.empty(MAX_WORDS, np.uint32)
    keys = np.empty(n_keys, np.uint32)
    slot_id = np.zeros(_CAND, np.uint32)
    slot_votes = np.zeros(_CAND, np.int32)
    found = np.empty(_CAND // 2, np.int64)
    weights = np.empty(MAX_TOKENS, np.float64)
    close = np.empty(MAX_VERIFIED, np.uint32)
    scores = np.empty(MAX_VERIFIED, np.float64)
    for t in range(first, out.size):
        if n_leaders >= stop_at:
            return t, n_leaders
        count, n_words, whole = read_words(codes, offsets[t], offsets[t + 1], stem, seed, tokens)
        if n_words == 0:
            whole = raw[t]
        p = _find(exact_hash, exact_value, whole)
        if exact_value[p] != 0 and np.int64(exact_value[p]) - 1 >= floor:
            out[t] = np.int64(exact_value[p]) - 1
            continue
        wanted = 0
        kept = 0
        if n_words >= min_words:
            wanted = pair_keys(tokens, count, reach, n_keys, keys)
            kept = _keep_smallest(tokens, count, MAX_TOKENS)
            n = _candidates(rows, keys, wanted, floor, slot_id, slot_votes, found)
            if n:
                for k in range(kept):
                    weights[k] = weight(tokens[k], spread)
                best = _best(
                    slot_id, slot_votes, found, n, tokens, kept, weights, flat, starts,
                    spread, threshold, close, scores,
                )  # fmt: skip
                if best != 0:
                    out[t] = np.int64(best) - 1
                    continue
        exact_hash[p] = whole
        exact_value[p] = np.uint32(n_leaders + 1)
        for k in range(wanted):
            _insert_key(rows, keys[k], n_leaders)
        if kept:
            spread[SPREAD] += 1
        for k in range(kept):
            spread[tokens[k] >> 16] += 1
        lo = starts[n_leaders]
        flat[lo : lo + kept] = tokens[:kept]
        starts[n_leaders + 1] = lo + kept
        out[t] = n_leaders
        n_leaders += 1
    return out.size, n_leaders
