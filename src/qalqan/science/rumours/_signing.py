"""Compiled: from code points to signatures in one pass; `signatures` is the readable side."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disable-error-code=assignment
from __future__ import annotations

import numpy as np
from numba import njit

from qalqan.science.text._kernels import _link_end, _raw_hash, _repair, normalise_codes

#: Most distinct words compared; of longer texts the words with the smallest hashes stand in.
MAX_TOKENS = 48
#: Words read of a text; a book pasted into a post costs no more than a page.
MAX_WORDS = 1024

# One entry of `chars`: the letter, its kind, the scripts seen in it, flags, and its shape.
LETTERS = np.uint64((1 << 21) - 1)
KINDS = np.uint64(7 << 21)
KIND_SHIFT = np.uint64(21)
LATIN = np.uint64(10 << 24)
CYRILLIC = np.uint64(20 << 24)
REPAIR = np.uint64(1 << 29)
FIGURE = np.uint64(1 << 30)
UNSTABLE = np.uint64(1 << 31)
SHAPE = np.uint64(32)
SHAPES = np.uint64((1 << 21) - 1)
LINK = np.uint64(1 << 62)
WORD = np.uint64(1 << 63)

_MANY = np.uint64(4 << 21)
_M1 = np.uint64(0x9E3779B97F4A7C15)
_M2 = np.uint64(0xBF58476D1CE4E5B9)
_M3 = np.uint64(0x94D049BB133111EB)
_S = np.uint64(29)
_HALF = np.uint64(32)
_NONE = np.uint64(0)
_CLEAR = np.uint32(0xFFFFFFFC)
_USED = np.uint32(2)
_FULL = np.uint32(0xFFFFFFFF)
_SLOTS = 128
_TOP = np.uint32(25)


@njit(cache=True, nogil=True, inline="always")
def mix(h):
    """Spread the bits of `h` evenly."""
    h = (h ^ (h >> np.uint64(30))) * _M2
    h = (h ^ (h >> np.uint64(27))) * _M3
    return h ^ (h >> np.uint64(31))


@njit(cache=True, nogil=True)
def _read_again(word, size, seed, stem, fold, to_cyrillic, to_latin, script, shape):
    """Put one word right and hash it anew; returns size, hash, and hash of the stem."""
    size = _repair(word, 0, size, fold, to_cyrillic, to_latin, script, shape)
    h = seed
    head = seed
    for i in range(size):
        h = (h + np.uint64(word[i])) * _M1
        if i + 1 == stem:
            head = h
    return size, h, head


@njit(cache=True, nogil=True)
def _distinct(tokens, count, slots, out, at):
    """Write the distinct tokens to `out` from `at` on, the smallest if many; return the end."""
    slots[:] = 0
    start = at
    for i in range(count):
        token = tokens[i]
        p = token >> _TOP
        while slots[p] != 0 and slots[p] != token:
            p = (p + np.uint32(1)) & np.uint32(_SLOTS - 1)
        if slots[p] == 0:
            if at - start == MAX_TOKENS:
                break
            slots[p] = token
            out[at] = token
            at += 1
    else:
        return at
    ordered = np.unique(tokens[:count])
    kept = min(ordered.size, MAX_TOKENS)
    out[start : start + kept] = ordered[:kept]
    return start + kept


@njit(cache=True, nogil=True)
def _pair_keys(tokens, count, reach, keys):
    """Of the hashed pairs of words at most `reach` apart, keep the least in each of equal bins."""
    bins = np.uint64(keys.size)
    keys[:] = _FULL
    for i in range(count):
        left = np.uint64(tokens[i]) * _M1
        for j in range(i + 1, min(i + 1 + reach, count)):
            h = (left + np.uint64(tokens[j])) * _M2
            h ^= h >> _HALF
            h *= _M3
            key = np.uint32(h >> _HALF)
            b = np.int64((np.uint64(key) * bins) >> _HALF)
            keys[b] = min(keys[b], key)
    for b in range(keys.size):
        if keys[b] == _FULL:
            keys[b] = 0


@njit(cache=True, nogil=True)
def _read(
    codes, pos, end, word, tokens, chars, seed, stem, fold, to_cyrillic, to_latin, script, shape
):
    """Read one text into `tokens`, normalising it on the way.

    Returns the number of words (-1 if some character stands for several: normalise first), that
    of tokens, the hash of all words, and all flags met. `word` must hold the whole text.
    """
    whole = seed ^ _M1
    h = head = seed
    seen = last = every = _NONE
    size, count, words, run = 0, 0, 0, 0
    while pos <= end:
        entry = chars[codes[pos]] if pos < end else _NONE
        if size == 0 and entry & LINK != _NONE:
            stop = _link_end(codes, pos, end)
            if stop > pos:
                pos = stop
                continue
        pos += 1
        if entry & WORD != _NONE:
            letter = entry & LETTERS
            h = (h + letter) * _M1
            word[size] = letter
            size += 1
            head = h if size == stem else head
            drawn = (entry >> SHAPE) & SHAPES
            run = run + 1 if drawn == last else 1
            last = drawn
            seen |= entry if run < 3 else entry | REPAIR
            continue
        every |= entry
        if entry & KINDS != _NONE:
            if entry & KINDS == _MANY:
                return -1, 0, whole, every
            continue
        if size == 0:
            continue
        if seen & REPAIR != _NONE or (seen & LATIN != _NONE and seen & CYRILLIC != _NONE):
            size, h, head = _read_again(
                word, size, seed, stem, fold, to_cyrillic, to_latin, script, shape
            )
        number = seen & FIGURE != _NONE
        if size < stem or number:
            head = h
        whole = (whole ^ h) * _M2
        whole ^= whole >> _S
        if (size > 2 or number) and count < MAX_WORDS:
            token = (np.uint32(mix(head) >> _HALF) & _CLEAR) | _USED
            tokens[count] = token | np.uint32(48 <= word[0] <= 57)
            count += 1
        words += 1
        every |= seen
        seen = last = _NONE
        h = head = seed
        size = run = 0
    return words, count, mix(whole), every


@njit(cache=True, nogil=True)
def sign(
    codes, offsets, raw, is_stable, chars, fold, expansion, to_cyrillic, to_latin, script, shape,
    stem, min_words, reach, seed, hashes, tokens, starts, keys,
):  # fmt: skip
    """Sign every text of a buffer; return whether all were in NFC, else nothing holds.

    Fills for each text the hash of its normalised words (of the text as it came, if none are
    left) and, if it has `min_words`, its distinct tokens and its keys, 0 where a bin is empty.
    """
    longest = 0
    for t in range(offsets.size - 1):
        longest = max(longest, offsets[t + 1] - offsets[t])
    word = np.empty(longest + 1, np.uint32)
    sequence = np.empty(MAX_WORDS, np.uint32)
    slots = np.empty(_SLOTS, np.uint32)
    starts[0] = 0
    for t in range(offsets.size - 1):
        words, count, whole, every = _read(
            codes, offsets[t], offsets[t + 1], word, sequence, chars, seed, stem, fold,
            to_cyrillic, to_latin, script, shape,
        )  # fmt: skip
        if words < 0:
            every |= unsettled(codes, offsets[t], offsets[t + 1], chars)
        if not is_stable and every & UNSTABLE != _NONE:
            return False
        if words < 0:
            out, ends, _ = normalise_codes(
                codes[offsets[t] : offsets[t + 1]], np.array([0, offsets[t + 1] - offsets[t]]),
                fold, expansion, to_cyrillic, to_latin, script, shape,
            )  # fmt: skip
            words, count, whole, every = _read(
                out, 0, ends[1], np.empty(ends[1] + 1, np.uint32), sequence, chars, seed, stem,
                fold, to_cyrillic, to_latin, script, shape,
            )  # fmt: skip
        if words == 0:
            whole = raw[t] if raw.size else _raw_hash(codes, offsets[t], offsets[t + 1])
        hashes[t] = whole
        starts[t + 1] = starts[t]
        if words >= min_words:
            starts[t + 1] = _distinct(sequence, count, slots, tokens, starts[t])
            _pair_keys(sequence, count, reach, keys[t])
        else:
            keys[t] = 0
    return True


@njit(cache=True, nogil=True)
def unsettled(codes, start, end, chars):
    """Return all flags of a text."""
    every = _NONE
    for i in range(start, end):
        every |= chars[codes[i]]
    return every
