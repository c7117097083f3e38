"""The grouping rules in plain Python, for comparison with the compiled ones."""

from __future__ import annotations

from qalqan.science.text.normalise import normalise

M = (1 << 64) - 1
M1, M2, M3 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
FULL = (1 << 32) - 1
ALIKE, MAX_TOKENS, MAX_WORDS, MAX_VERIFIED, MAX_FOUND = 4, 48, 1024, 12, 256
COMMON, PRIOR, OLDER = 40.0, 50.0, 0.6


def mix(h):
    h = ((h ^ (h >> 30)) * M2) & M
    h = ((h ^ (h >> 27)) * M3) & M
    return h ^ (h >> 31)


def raw_hash(text):
    h = (len(text) * M1) & M
    for c in text:
        h = ((h ^ ord(c)) * M2) & M
        h ^= h >> 29
    return h | 1


class SlowClaimIndex:
    """Lists and dictionaries instead of arrays; otherwise `ClaimIndex`."""

    def __init__(self, *, threshold, min_words, stem, reach, keys, seed, copies):
        self.threshold, self.min_words, self.stem = threshold, min_words, stem
        self.reach, self.keys, self.seed, self.copies = reach, keys, seed, copies
        self.exact, self.under, self.leaders = {}, {}, []
        self.spread, self.pool = {}, 0

    def read(self, words):
        tokens, whole = [], self.seed ^ M1
        for word in words:
            h = head = self.seed
            for place, c in enumerate(word, 1):
                h = ((h + ord(c)) * M1) & M
                if place == self.stem:
                    head = h
            number = any(c in "0123456789" for c in word)
            if len(word) < self.stem or number:
                head = h
            whole = ((whole ^ h) * M2) & M
            whole ^= whole >> 29
            if len(word) > 2 or number:
                token = (mix(head) >> 32) & ~3 | 2
                tokens.append(token | (word[0] in "0123456789"))
        return tokens[:MAX_WORDS], mix(whole)

    def pairs(self, tokens):
        least = {}
        for i, a in enumerate(tokens):
            for b in tokens[i + 1 : i + 1 + self.reach]:
                h = (((a * M1) + b) * M2) & M
                key = (((h ^ (h >> 32)) * M3) & M) >> 32
                place = key * self.keys >> 32
                least[place] = min(least.get(place, FULL), key)
        return [key for _, key in sorted(least.items()) if key not in (0, FULL)]

    def weight(self, token):
        pool = self.pool + PRIOR
        return pool / (pool + COMMON * self.spread.get(token >> 16, 0))

    def resemblance(self, mine, theirs):
        union = sorted(set(mine) | set(theirs))
        if MAX_TOKENS in (len(mine), len(theirs)):
            union = union[:MAX_TOKENS]
        both = set(mine) & set(theirs)
        numbers = {token for token in union if token & 1} - both
        if numbers & set(mine) and numbers & set(theirs):
            return 0.0
        total = shared = 0.0
        for token in union:
            total += self.weight(token)
            shared += self.weight(token) if token in both else 0.0
        return shared / total if total else 0.0

    def nearest(self, tokens, keys):
        votes = {}
        for key in keys:
            for leader in self.under.get(key, []):
                if leader in votes or len(votes) < MAX_FOUND:
                    votes[leader] = votes.get(leader, 0) + 1
        likeliest = sorted(votes, key=lambda leader: (-votes[leader], -leader))[:MAX_VERIFIED]
        most = max(votes.values(), default=0)
        scores = {
            leader: self.resemblance(tokens, self.leaders[leader])
            for leader in likeliest
            if 3 * votes[leader] >= most
        }
        good = {leader: score for leader, score in scores.items() if score >= self.threshold}
        highest = max(good.values(), default=0.0)
        return min((leader for leader in good if good[leader] >= OLDER * highest), default=None)

    def add(self, text):
        words = normalise(text).split()
        tokens, whole = self.read(words)
        if not words:
            whole = raw_hash(text)
        if whole in self.exact:
            return self.exact[whole]
        keys, kept = [], []
        if len(words) >= self.min_words:
            keys, kept = self.pairs(tokens), sorted(set(tokens))[:MAX_TOKENS]
            nearest = self.nearest(kept, keys)
            if nearest is not None:
                if self.copies:
                    self.exact[whole] = nearest
                return nearest
        claim = len(self.leaders)
        self.exact[whole] = claim
        for key in keys:
            self.under[key] = [*self.under.get(key, []), claim][-ALIKE:]
        self.pool += bool(kept)
        for token in kept:
            self.spread[token >> 16] = self.spread.get(token >> 16, 0) + 1
        self.leaders.append(kept)
        return claim
