"""Compiled language scoring; `language` explains the rules and builds the tables."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disable-error-code=assignment
from __future__ import annotations

import numpy as np
from numba import njit

_M1 = np.uint64(0x9E3779B97F4A7C15)
_M2 = np.uint64(0xBF58476D1CE4E5B9)

KK_CYRL, KK_LATN, RU, EN, MIXED, UND = 0, 1, 2, 3, 4, 5


@njit(cache=True, nogil=True, inline="always")
def _hash(codes, start, end):
    h = np.uint64(end - start)
    for i in range(start, end):
        h = (h ^ np.uint64(codes[i])) * _M1
        h ^= h >> np.uint64(29)
    h = h * _M2
    return (h ^ (h >> np.uint64(32))) | np.uint64(1)


@njit(cache=True, nogil=True)
def hash_words(codes, offsets):
    """Hash each text of a buffer whole."""
    out = np.empty(offsets.size - 1, np.uint64)
    for i in range(out.size):
        out[i] = _hash(codes, offsets[i], offsets[i + 1])
    return out


@njit(cache=True, nogil=True)
def fill(keys, values, hashes, rows):
    """Add rows of weights to an open table of a power of two; equal keys add up."""
    mask = np.uint64(keys.size - 1)
    for i in range(hashes.size):
        p = hashes[i] & mask
        while keys[p] != 0 and keys[p] != hashes[i]:
            p = (p + np.uint64(1)) & mask
        keys[p] = hashes[i]
        for k in range(4):
            values[p, k] += rows[i, k]


@njit(cache=True, nogil=True, inline="always")
def _look(keys, h):
    mask = np.uint64(keys.size - 1)
    p = h & mask
    while keys[p] != 0 and keys[p] != h:
        p = (p + np.uint64(1)) & mask
    return np.int64(p) if keys[p] != 0 else np.int64(-1)


@njit(cache=True, nogil=True)
def _foreign_to_kazakh(codes, start, end, traits):
    """Whether a Cyrillic word breaks a rule of native Kazakh sound.

    The rules: no two consonants at the start, front and back vowels do not meet, and O stands
    in the first syllable only.
    """
    vowels, back, front = 0, 0, 0
    for i in range(start, end):
        c = codes[i]
        t = traits[c] if c < traits.size else np.uint8(0)
        if t & 32:
            back += 1
        elif t & 64:
            front += 1
        if t & 224:
            if c == 0x43E and vowels > 0:
                return True
            vowels += 1
        elif vowels == 0 and i == start + 1:
            return True
    return back > 0 and front > 0


@njit(cache=True, nogil=True)
def _score_word(codes, start, end, traits, keys, values, ends, end_values, pairs, pair_values, s):
    """Score one word for the four languages into `s`; return its Cyrillic and Latin letters.

    The third value says whether a list vouches for Russian, not sound alone.
    """
    s[:] = 0.0
    cyrillic, latin = 0, 0
    kazakh_sign, russian_sign, latin_sign = 0, 0, 0
    for i in range(start, end):
        c = codes[i]
        if c >= traits.size:
            continue
        t = traits[c]
        cyrillic += t & 1
        latin += (t >> 1) & 1
        kazakh_sign += (t >> 2) & 1
        russian_sign += (t >> 3) & 1
        latin_sign += (t >> 4) & 1
        if c == 113 and (i + 1 == end or codes[i + 1] != 117):  # q without u
            latin_sign += 1
    if cyrillic + latin == 0:
        return cyrillic, latin, False
    found = _look(keys, _hash(codes, start, end))
    listed = found >= 0
    if listed:
        for k in range(4):
            s[k] = values[found, k]
    elif end - start > 3:
        for size in range(min(5, end - start - 2), 1, -1):
            found = _look(ends, _hash(codes, end - size, end))
            if found >= 0:
                for k in range(4):
                    s[k] += end_values[found, k]
                break
        if latin > cyrillic:
            for i in range(start, end - 1):
                found = _look(pairs, _hash(codes, i, i + 2))
                if found >= 0:
                    for k in range(4):
                        s[k] += pair_values[found, k]
    vouched = s[RU] >= 1.5
    if cyrillic >= latin:
        s[KK_LATN] = 0.0
        s[EN] = 0.0
        s[KK_CYRL] += 4.0 * min(kazakh_sign, 1)
        if kazakh_sign == 0:
            s[RU] += 0.4
            if not listed:
                s[RU] += 0.8 * min(russian_sign, 2)
                if end - start > 3 and _foreign_to_kazakh(codes, start, end, traits):
                    s[RU] += 1.2
        else:
            s[RU] = 0.0
    else:
        s[KK_CYRL] = 0.0
        s[RU] = 0.0
        s[KK_LATN] += 3.0 * min(latin_sign, 2)
        s[EN] += 0.3
    return cyrillic, latin, vouched


@njit(cache=True, nogil=True)
def label(codes, offsets, traits, keys, values, ends, end_values, pairs, pair_values, out):
    """Write the label of every normalised text of a buffer."""
    s = np.zeros(4)
    total = np.zeros(4)
    for t in range(out.size):
        total[:] = 0.0
        n_kazakh, n_russian, n_vouched = 0, 0, 0
        letters, known = 0, 0
        i = offsets[t]
        stop = offsets[t + 1]
        while i < stop:
            j = i
            while j < stop and codes[j] != 32:
                if not 48 <= codes[j] <= 57:
                    letters += 1
                j += 1
            cyrillic, latin, vouched = _score_word(
                codes, i, j, traits, keys, values, ends, end_values, pairs, pair_values, s
            )
            known += cyrillic + latin
            kazakh = max(s[KK_CYRL], s[KK_LATN])
            for k in range(4):
                total[k] += min(s[k], 4.0)
            if kazakh >= 1.5 and kazakh > s[RU] + 1.0 and kazakh > s[EN] + 1.0:
                n_kazakh += 1
            if s[RU] >= 1.5 and s[RU] > kazakh + 1.0:
                n_russian += 1
                n_vouched += 1 if vouched else 0
            i = j + 1
        out[t] = _decide(total, n_kazakh, n_russian if n_vouched else 0, letters, known)


@njit(cache=True, nogil=True)
def _decide(total, n_kazakh, n_russian, letters, known):
    """Choose the label from a text's totals."""
    if known < 2 or 2 * known < letters:
        return UND
    fewer = min(n_kazakh, n_russian)
    if fewer >= 2 and 5 * fewer >= n_kazakh + n_russian:
        return MIXED
    best = 0
    for k in range(1, 4):
        if total[k] > total[best]:
            best = k
    return best if total[best] > 0.0 else UND
