"""Search for incidents that may belong together; people take a suggestion or refuse it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import SeriesSuggestion
from qalqan.desk.incidents.selectors import series as selectors
from qalqan.desk.incidents.services.analyses import clean
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import CHANGE, Actor, require
from qalqan.errors import ConflictError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qalqan.science.hypotheses.linkage import Curve
    from qalqan.science.hypotheses.series import Factors

YEARS = 3
MOST = 600
"""Newest incidents that are compared: a night's search stays within some seconds."""
LEAST = 3
RATE = 0.5
"""Fewest incidents of a series, and false series expected in one search of shuffled incidents."""
ENOUGH_SOLVED = 60
"""Linked pairs of the desk's own series from which factors are learnt here, not simulated."""
_SEED = 20_110_517


@transaction.atomic
def search_series(*, actor: Actor, now: datetime, draws: int = 20) -> list[SeriesSuggestion]:
    """Compare the incidents of the last years, and keep what may belong together as suggestions.

    What people decided stays decided; a suggestion that this search no longer makes is set aside.

    Raises
    ------
    RefusedError
        The actor may not have series searched.
    """
    import numpy as np

    from qalqan.science.hypotheses import linkage

    require(actor, CHANGE, SeriesSuggestion)
    since = now - timedelta(days=365 * YEARS)
    found = selectors.compared(actor, since=since, until=now, most=MOST)
    rng = np.random.default_rng(_SEED)
    made: list[SeriesSuggestion] = []
    SeriesSuggestion.objects.filter(is_current=True).update(is_current=False)
    if len(found.keys) >= LEAST:
        factors, curve, learnt = _learnt(actor, found, rng)
        cut = linkage.cut_for_rate(found.events, factors, RATE, rng, least=LEAST, draws=draws)
        method = {
            "events": len(found.keys), "since": since.date().isoformat(), "rate": RATE,
            "least": LEAST, "cut": round(cut, 3), "learnt": learnt,
            "pairs": factors.linked_pairs,
        }  # fmt: skip
        for one in linkage.suggest(found.events, factors, curve, cut, least=LEAST):
            keys = sorted(found.keys[n] for n in one.members)
            made.append(_kept(keys, one, method, found.has_sample, now))
    audit.record(
        actor=actor, action="incidents.search_series", subject="series", now=now,
        detail={"events": len(found.keys), "found": len(made)},
    )  # fmt: skip
    return made


def _kept(
    keys: list[int], one: Any, method: dict[str, Any], is_sample: bool, now: datetime
) -> SeriesSuggestion:
    key = hashlib.blake2b(",".join(map(str, keys)).encode(), digest_size=16).hexdigest()
    row, created = SeriesSuggestion.objects.update_or_create(
        key=key,
        defaults={
            "probability": one.probability, "weakest": one.weakest, "computed_at": now,
            "method": method, "is_current": True, "is_sample": is_sample,
        },
    )  # fmt: skip
    if created:
        row.incidents.set(keys)
    return row


def _learnt(
    actor: Actor, found: selectors.Compared, rng: np.random.Generator
) -> tuple[Factors, Curve, str]:
    """Learn from the desk's own solved pairs where there are enough, else from simulated ones."""
    from qalqan.science.hypotheses import linkage, series

    first, second = series.all_pairs(len(found.keys))
    pairs = series.features(found.events, first, second)
    linked = _linked(actor, found.keys, first, second)
    if linked.sum() >= ENOUGH_SOLVED:
        half = rng.random(len(linked)) < 0.5
        factors = series.learn(pairs[half], linked[half])
        held = series.weigh(factors, pairs[~half])
        return factors, linkage.isotonic(held, linked[~half]), "solved"
    # The simulated worlds have five attributes; the ledger has two: what, and with what.
    columns = slice(0, 5)
    bins, truth = _simulated(1)
    factors = series.learn(bins[:, columns], truth)
    bins, truth = _simulated(2)
    curve = linkage.isotonic(series.weigh(factors, bins[:, columns]), truth)
    return factors, curve, "simulated"


def _simulated(seed: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    import numpy as np

    from qalqan.science.hypotheses import series
    from qalqan.science.hypotheses.simulated import simulate

    made = simulate(np.random.default_rng(seed))
    first, second = series.all_pairs(len(made.events))
    return series.features(made.events, first, second), made.series[first] == made.series[second]


def _linked(
    actor: Actor, keys: list[int], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.bool_]:
    import numpy as np

    linked = np.zeros(len(first), dtype=bool)
    place = {key: n for n, key in enumerate(keys)}
    for group in selectors.decided_sets(actor, keys):
        inside = np.isin(np.arange(len(keys)), [place[key] for key in group])
        linked |= inside[first] & inside[second]
    return linked


@transaction.atomic
def decide_series(
    *, actor: Actor, suggestion: SeriesSuggestion, state: str, reason: str, now: datetime
) -> SeriesSuggestion:
    """Take a suggestion as a series, refuse it, or undo either.

    Raises
    ------
    ConflictError
        It is in that state already.
    InputError
        No reason is given for taking or refusing.
    """
    require(actor, CHANGE, SeriesSuggestion)
    locked: SeriesSuggestion = SeriesSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if locked.state == state:
        raise ConflictError(_("Somebody has decided this already."))
    undone = state == SeriesSuggestion.State.SUGGESTED
    before = str(locked.state)
    locked.state = SeriesSuggestion.State(state)
    locked.reason = "" if undone else clean(reason, 300)
    locked.decided_at = None if undone else now
    locked.decided_by = None if undone or not isinstance(actor, User) else actor
    locked.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record(
        actor=actor, action="incidents.decide_series", subject=locked, now=now,
        detail={"before": before, "after": state, "reason": locked.reason},
    )  # fmt: skip
    return locked
