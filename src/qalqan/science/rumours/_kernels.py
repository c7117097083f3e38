"""Compiled steps of `group.ClaimIndex`; `tests/support/slow_group.py` states them plainly."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False
# mypy: disable-error-code="assignment,call-arg"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from qalqan.science.rumours._signing import MAX_TOKENS

#: Most leaders remembered under one key, the newest: a pair that more use tells them not apart.
ALIKE = 4
#: Parts of the table of keys; each is moved alone when the table grows.
PARTS = 64
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
#: Texts ahead for which memory is asked for, so that it has come when their turn does.
AHEAD = 6

_M1 = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_SIX = np.uint64(6)
_PART = np.uint64(26)
_ODD = np.uint32(1)
_CAND = 512
_SLOTS = 128
_TOP = np.uint32(25)


@intrinsic
def _ask(typing: Any, array: Any, at: Any) -> Any:
    """Ask for the memory of ``array[at]`` without waiting for it."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = context.make_array(signature.args[0])(context, builder, args[0])
        pointer = cgutils.get_item_pointer(
            context, builder, signature.args[0], made, [args[1]], wraparound=False
        )
        byte = ir.IntType(8).as_pointer()
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        read, keep, data = number(0), number(3), number(1)
        builder.call(function, [builder.bitcast(pointer, byte), read, keep, data])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


@njit(cache=True, nogil=True, inline="always")
def weight(token, spread):
    """Return how much a word stem says: nearly 1 if rare among leaders, little if common."""
    pool = spread[SPREAD] + PRIOR
    return pool / (pool + COMMON * spread[token >> 16])


@njit(cache=True, nogil=True)
def _cut_resemblance(tokens, i, na, flat, j, nb, spread):
    """Estimate `_resemblance` where a set was cut, from the smallest tokens of the union."""
    a = np.sort(tokens[i:na])
    b = np.sort(flat[j:nb])
    i, j, union = 0, 0, 0
    odd_a, odd_b = np.uint32(0), np.uint32(0)
    shared, total = 0.0, 0.0
    while (i < a.size or j < b.size) and union < MAX_TOKENS:
        if j == b.size or (i < a.size and a[i] < b[j]):
            total += weight(a[i], spread)
            odd_a |= a[i]
            i += 1
        elif i == a.size or a[i] > b[j]:
            total += weight(b[j], spread)
            odd_b |= b[j]
            j += 1
        else:
            shared += weight(a[i], spread)
            total += weight(a[i], spread)
            i += 1
            j += 1
        union += 1
    if odd_a & odd_b & _ODD:
        return 0.0
    return shared / total if total > 0.0 else 0.0


@njit(cache=True, nogil=True)
def _lay_out(tokens, lo, hi, slots):
    """Enter tokens into a small table."""
    slots[:] = 0
    for i in range(lo, hi):
        p = tokens[i] >> _TOP
        while slots[p] != 0:
            p = (p + np.uint32(1)) & np.uint32(_SLOTS - 1)
        slots[p] = tokens[i]


@njit(cache=True, nogil=True)
def _resemblance(slots, mine, figures, flat, lo, hi, spread):
    """Weighted Jaccard index of the tokens in `slots` and those of a leader.

    `mine` is the weight and `figures` the number of figures of the first. Nothing, if each has a
    figure that the other lacks.
    """
    shared, theirs = 0.0, 0.0
    common, others = 0, 0
    for j in range(lo, hi):
        token = flat[j]
        w = weight(token, spread)
        theirs += w
        p = token >> _TOP
        while slots[p] != 0 and slots[p] != token:
            p = (p + np.uint32(1)) & np.uint32(_SLOTS - 1)
        odd = np.int64(token & _ODD)
        others += odd
        if slots[p] == token:
            shared += w
            common += odd
    if figures > common and others > common:
        return 0.0
    total = mine + theirs - shared
    return shared / total if total > 0.0 else 0.0


@njit(cache=True, nogil=True, inline="always")
def _place(size, h):
    """Return where in a table of that size to begin looking for hash `h`."""
    return np.int64(((h >> _HALF) * np.uint64(size)) >> _HALF)


@njit(cache=True, nogil=True)
def _find(exact, h):
    """Return the place of hash `h` among known texts, or the empty place where it belongs."""
    size = exact.shape[0]
    p = _place(size, h)
    while exact[p, 1] != 0 and exact[p, 0] != h:
        p = p + 1 if p + 1 < size else 0
    return p


@njit(cache=True, nogil=True)
def fill_exact(exact, old):
    """Enter all known texts of an old table into an empty larger one."""
    for q in range(old.shape[0]):
        if old[q, 1] != 0:
            p = _find(exact, old[q, 0])
            exact[p, 0] = old[q, 0]
            exact[p, 1] = old[q, 1]


@njit(cache=True, nogil=True, inline="always")
def _home(key, size):
    """Return the part of the table that a key belongs to, and where in it to begin looking."""
    h = ((np.uint64(key) * _M1) >> _HALF) & _LOW
    return np.int64(h >> _PART), np.int64((((h << _SIX) & _LOW) * np.uint64(size)) >> _HALF)


@njit(cache=True, nogil=True)
def _enter_key(pairs, size, key, leader, floor):
    """Remember a leader under a key; return the part of the table and whether it has one more.

    An entry of the table is ``key << 32 | leader``. The oldest leader under the key leaves if it
    has expired or if there are `ALIKE` already.
    """
    part, at = _home(key, size)
    base = part * size
    entry = (np.uint64(key) << _HALF) | np.uint64(leader)
    alike, oldest = 0, -1
    while pairs[base + at] != 0:
        if pairs[base + at] >> _HALF == np.uint64(key):
            if alike == 0 or pairs[base + at] < pairs[base + oldest]:
                oldest = at
            alike += 1
        at = at + 1 if at + 1 < size else 0
    is_more = alike < ALIKE
    if is_more and alike > 0:
        is_more = np.int64(pairs[base + oldest] & _LOW) > floor
    pairs[base + (at if is_more else oldest)] = entry
    return part, is_more


@njit(cache=True, nogil=True)
def spread_parts(pairs, old, new, counts):
    """Move the parts of the table, laid out for `old` pairs each, to `new` pairs each.

    From the last to the first, so that no part is written over before it is moved.
    """
    moved = np.zeros(new, np.uint64)
    for part in range(PARTS - 1, -1, -1):
        moved[:] = 0
        count = 0
        for q in range(part * old, (part + 1) * old):
            if pairs[q] == 0:
                continue
            p = _home(np.uint32(pairs[q] >> _HALF), new)[1]
            while moved[p] != 0:
                p = p + 1 if p + 1 < new else 0
            moved[p] = pairs[q]
            count += 1
        pairs[part * new : (part + 1) * new] = moved
        counts[part] = count


@njit(cache=True, nogil=True)
def _candidates(pairs, size, keys, floor, slot_id, slot_votes, found):
    """Count, for each leader remembered under some of the `keys`, how many keys it shares."""
    n = 0
    for k in range(keys.size):
        key = keys[k]
        if key == 0:
            continue
        part, at = _home(key, size)
        base = part * size
        while pairs[base + at] != 0:
            entry = pairs[base + at]
            at = at + 1 if at + 1 < size else 0
            leader = np.uint32(entry & _LOW)
            if entry >> _HALF != np.uint64(key) or np.int64(leader) <= floor:
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
def _likeliest(slot_id, slot_votes, found, n):
    """Return the candidate with most votes, the newest of several; one without votes at last."""
    top = 0
    for c in range(1, n):
        a, b = found[c], found[top]
        if slot_votes[a] > slot_votes[b] or (
            slot_votes[a] == slot_votes[b] and slot_id[a] > slot_id[b]
        ):
            top = c
    return found[top]


@njit(cache=True, nogil=True)
def _best(
    slot_id, slot_votes, found, n, tokens, lo, hi, slots, flat, starts, spread, threshold, close,
    scores,
):  # fmt: skip
    """Compare the likeliest candidates word by word; return the leader + 1, or 0."""
    mine, figures = 0.0, 0
    for i in range(lo, hi):
        mine += weight(tokens[i], spread)
        figures += np.int64(tokens[i] & _ODD)
    _lay_out(tokens, lo, hi, slots)
    most, n_close, highest = 0, 0, 0.0
    for _ in range(min(n, MAX_VERIFIED)):
        p = _likeliest(slot_id, slot_votes, found, n)
        if 3 * slot_votes[p] < most or slot_votes[p] == 0:
            break
        most = max(most, slot_votes[p])
        leader = slot_id[p]
        slot_votes[p] = 0
        j, end = starts[leader - 1], starts[leader]
        if hi - lo == MAX_TOKENS or end - j == MAX_TOKENS:
            score = _cut_resemblance(tokens, lo, hi, flat, j, end, spread)
        else:
            score = _resemblance(slots, mine, figures, flat, j, end, spread)
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
    hashes, tokens, token_starts, keys, first, stop_at, known_stop, threshold, floor, forced,
    copies, n_leaders, n_known, exact, pairs, counts, flat, starts, spread, out,
):  # fmt: skip
    """Give claim numbers to the texts from `first` on; with `forced` each leads a new claim.

    With `copies` every text is remembered by its hash, not only leaders. Stops before the text
    that would need more than `stop_at` leaders or `known_stop` hashes or would crowd the table of
    keys. Returns the number of texts done, of leaders and of hashes now known.
    """
    size = pairs.size // PARTS
    most = size * 4 // 5 - keys.shape[1]
    fullest = counts.max()
    slot_id = np.zeros(_CAND, np.uint32)
    slot_votes = np.zeros(_CAND, np.int32)
    slots = np.zeros(_SLOTS, np.uint32)
    found = np.empty(_CAND // 2, np.int64)
    close = np.empty(MAX_VERIFIED, np.uint32)
    scores = np.empty(MAX_VERIFIED, np.float64)
    for t in range(first, out.size):
        if n_leaders >= stop_at or n_known >= known_stop or fullest > most:
            return t, n_leaders, n_known
        if t + AHEAD < out.size:
            _ask(exact, _place(exact.shape[0], hashes[t + AHEAD]))
            for k in range(keys.shape[1]):
                part, at = _home(keys[t + AHEAD, k], size)
                _ask(pairs, part * size + at)
        p = _find(exact, hashes[t])
        is_known = exact[p, 1] != 0 and np.int64(exact[p, 1]) > floor
        if is_known and not forced:
            out[t] = np.int64(exact[p, 1]) - 1
            continue
        lo, hi = token_starts[t], token_starts[t + 1]
        best = np.uint32(0)
        if hi > lo and not forced:
            n = _candidates(pairs, size, keys[t], floor, slot_id, slot_votes, found)
            if n:
                best = _best(
                    slot_id, slot_votes, found, n, tokens, lo, hi, slots, flat, starts, spread,
                    threshold, close, scores,
                )  # fmt: skip
        if best != 0:
            out[t] = np.int64(best) - 1
        else:
            for k in range(keys.shape[1]):
                if keys[t, k] != 0:
                    part, more = _enter_key(pairs, size, keys[t, k], n_leaders + 1, floor)
                    counts[part] += more
                    fullest = max(fullest, counts[part])
            spread[SPREAD] += hi > lo
            for i in range(lo, hi):
                spread[tokens[i] >> 16] += 1
            at = starts[n_leaders]
            flat[at : at + hi - lo] = tokens[lo:hi]
            out[t] = n_leaders
            n_leaders += 1
            starts[n_leaders] = at + hi - lo
        if (best == 0 or copies) and not is_known:
            n_known += exact[p, 1] == 0
            exact[p, 0] = hashes[t]
            exact[p, 1] = out[t] + 1
    return out.size, n_leaders, n_known
