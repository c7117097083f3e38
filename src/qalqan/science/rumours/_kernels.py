"""Compiled steps of `group.ClaimIndex`; `tests/support/slow_group.py` states them plainly."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disable-error-code=assignment
from __future__ import annotations

import numpy as np
from numba import njit

#: Most leaders remembered under one key, the newest: a pair that more use tells them not apart.
ALIKE = 4
#: Of the keys looked up, so many (the smallest) are remembered of a leader.
KEPT_KEYS = 16
#: Parts of the table of keys; each is moved alone when the table grows.
PARTS = 64
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
_ONE = np.uint32(1)
_EVEN = np.uint32(0xFFFFFFFE)
_LOW = np.uint64(0xFFFFFFFF)
_SIX = np.uint64(6)
_PART = np.uint64(26)
_CAND = 512


@njit(cache=True, nogil=True, inline="always")
def _mix(h):
    h = (h ^ (h >> np.uint64(30))) * _M2
    h = (h ^ (h >> np.uint64(27))) * _M3
    return h ^ (h >> np.uint64(31))


@njit(cache=True, nogil=True)
def read_words(codes, start, end, stem, seed, tokens):
    """Hash one normalised text.

    Fills `tokens` with the 32-bit hashes of its word stems in order, short words left out; the
    lowest bit tells that a word begins with a digit. Returns their count, the number of words,
    and the 64-bit hash of the whole text.
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
            token = np.uint32(_mix(head) >> _HALF)
            tokens[count] = (token | _ONE) if 48 <= codes[i] <= 57 else (token & _EVEN)
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

    The sets are `a[:na]` and `b[j:nb]`. Nothing, if each has a number that the other lacks.
    """
    i, union = 0, 0
    odd_a, odd_b = np.uint32(0), np.uint32(0)
    shared, total = 0.0, 0.0
    limit = 2 * MAX_TOKENS
    if na == MAX_TOKENS or nb - j == MAX_TOKENS:
        limit = MAX_TOKENS
    while (i < na or j < nb) and union < limit:
        if j == nb or (i < na and a[i] < b[j]):
            total += weights[i]
            odd_a |= a[i]
            i += 1
        elif i == na or a[i] > b[j]:
            total += weight(b[j], spread)
            odd_b |= b[j]
            j += 1
        else:
            shared += weights[i]
            total += weights[i]
            i += 1
            j += 1
        union += 1
    if odd_a & odd_b & _ONE:
        return 0.0
    return shared / total if total > 0.0 else 0.0


@njit(cache=True, nogil=True, inline="always")
def _find(places, hashes, h):
    """Return the place of hash `h` among exact copies, or the empty place where it belongs."""
    mask = np.uint64(places.size - 1)
    p = h & mask
    while places[p] != 0 and hashes[places[p] - 1] != h:
        p = (p + np.uint64(1)) & mask
    return p


@njit(cache=True, nogil=True)
def fill_places(places, hashes, n_leaders):
    """Enter the leaders into an empty table of exact copies; of equal ones the last stays."""
    for leader in range(n_leaders):
        places[_find(places, hashes, hashes[leader])] = np.uint32(leader + 1)


@njit(cache=True, nogil=True, inline="always")
def _home(key, size):
    """Return the part of the table that a key belongs to, and where in it to begin looking."""
    h = ((np.uint64(key) * _M1) >> _HALF) & _LOW
    return np.int64(h >> _PART), np.int64((((h << _SIX) & _LOW) * np.uint64(size)) >> _HALF)


@njit(cache=True, nogil=True)
def _enter_key(pairs, key, leader, floor):
    """Remember a leader under a key; return the part of the table and whether it has one more.

    The oldest leader under the key leaves if it has expired or if there are `ALIKE` already.
    """
    size = pairs.shape[1]
    part, p = _home(key, size)
    alike, oldest = 0, 0
    while pairs[part, p, 1] != 0:
        if pairs[part, p, 0] == key:
            if alike == 0 or pairs[part, p, 1] < pairs[part, oldest, 1]:
                oldest = p
            alike += 1
        p = p + 1 if p + 1 < size else 0
    is_more = alike < ALIKE and (alike == 0 or np.int64(pairs[part, oldest, 1]) > floor)
    if not is_more:
        p = oldest
    pairs[part, p, 0] = key
    pairs[part, p, 1] = leader
    return part, is_more


@njit(cache=True, nogil=True)
def spread_parts(flat, old, new, counts):
    """Move the parts of the table, laid out for `old` pairs each, to `new` pairs each.

    From the last to the first, so that no part is written over before it is moved.
    """
    moved = np.zeros((new, 2), np.uint32)
    for part in range(PARTS - 1, -1, -1):
        moved[:] = 0
        count = 0
        for q in range(part * old, (part + 1) * old):
            if flat[q, 1] == 0:
                continue
            p = _home(flat[q, 0], new)[1]
            while moved[p, 1] != 0:
                p = p + 1 if p + 1 < new else 0
            moved[p, 0] = flat[q, 0]
            moved[p, 1] = flat[q, 1]
            count += 1
        flat[part * new : (part + 1) * new] = moved
        counts[part] = count


@njit(cache=True, nogil=True)
def _candidates(pairs, keys, n_keys, floor, slot_id, slot_votes, found):
    """Count, for each leader remembered under some of the `keys`, how many keys it shares."""
    size = pairs.shape[1]
    n = 0
    for k in range(n_keys):
        key = keys[k]
        part, q = _home(key, size)
        while pairs[part, q, 1] != 0:
            leader = pairs[part, q, 1]
            is_met = pairs[part, q, 0] == key and np.int64(leader) > floor
            q = q + 1 if q + 1 < size else 0
            if not is_met:
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
    forced, n_leaders, hashes, places, pairs, counts, flat, starts, spread, out,
):  # fmt: skip
    """Give claim numbers to the texts from `first` on; with `forced` each leads a new claim.

    Stops before the text that would need more than `stop_at` leaders or would crowd the table of
    keys. Returns the number of texts done and of leaders now known.
    """
    most = pairs.shape[1] * 4 // 5 - n_keys
    fullest = counts.max()
    tokens = np.empty(MAX_WORDS, np.uint32)
    keys = np.empty(n_keys, np.uint32)
    slot_id = np.zeros(_CAND, np.uint32)
    slot_votes = np.zeros(_CAND, np.int32)
    found = np.empty(_CAND // 2, np.int64)
    weights = np.empty(MAX_TOKENS, np.float64)
    close = np.empty(MAX_VERIFIED, np.uint32)
    scores = np.empty(MAX_VERIFIED, np.float64)
    for t in range(first, out.size):
        if n_leaders >= stop_at or fullest > most:
            return t, n_leaders
        count, n_words, whole = read_words(codes, offsets[t], offsets[t + 1], stem, seed, tokens)
        if n_words == 0:
            whole = raw[t]
        p = _find(places, hashes, whole)
        is_known = places[p] != 0 and np.int64(places[p]) - 1 >= floor
        if is_known and not forced:
            out[t] = np.int64(places[p]) - 1
            continue
        wanted = 0
        kept = 0
        if n_words >= min_words:
            wanted = pair_keys(tokens, count, reach, n_keys, keys)
            kept = _keep_smallest(tokens, count, MAX_TOKENS)
            n = 0
            if not forced:
                n = _candidates(pairs, keys, wanted, floor, slot_id, slot_votes, found)
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
        hashes[n_leaders] = whole
        if not is_known:
            places[p] = np.uint32(n_leaders + 1)
        for k in range(min(wanted, KEPT_KEYS)):
            part, is_more = _enter_key(pairs, keys[k], np.uint32(n_leaders + 1), floor)
            counts[part] += is_more
            fullest = max(fullest, counts[part])
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
