"""Compute what changed after a programme, and store numbers, method and verdict together."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, Evaluation
from qalqan.desk.outreach.services.activities import by_of
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import refuse_traces
from qalqan.desk.platform.privacy.observations import refuse_observed
from qalqan.errors import InputError, Location, RefusedError

MOST_POINTS = 5_000
MOST_DISTRICTS = 200
MOST_COUNT = 1_000_000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """What is evaluated: a question, its numbers, and the activity they belong to, if any.

    Parameters
    ----------
    numbers
        By design: ``both, gained, lost, neither``; ``before_yes, before_all, after_yes,
        after_all``; ``before`` and ``after`` lists; or ``districts``, rows of name, before,
        after, and whether the programme was there.
    """

    design: str
    question: str
    numbers: Mapping[str, Any]
    theme: str = ""
    activity: Activity | None = None


@transaction.atomic
def evaluate(*, actor: Actor, asked: Asked, now: datetime, is_sample: bool = False) -> Evaluation:
    """Compute a difference with its interval and store it with the numbers it rests on.

    Raises
    ------
    InputError
        The question or a number is wrong.
    RefusedError
        The actor may not evaluate, or belongs to no body.
    """
    require(actor, ADD, Evaluation)
    if actor.organisation_id is None:
        raise RefusedError(_("Only somebody who belongs to a body evaluates its work."))
    question = _question(asked.question)
    if asked.theme and asked.theme not in Activity.Theme.values:
        raise InputError(_("This theme is not known."), location=Location(field="theme"))
    computed = _COMPUTE.get(asked.design)
    if computed is None:
        raise InputError(_("This design is not known."), location=Location(field="design"))
    result, verdict = computed(asked.numbers)
    row = Evaluation.objects.create(
        design=asked.design, question=question, theme=asked.theme, activity=asked.activity,
        body_id=actor.organisation_id, numbers=dict(asked.numbers), result=result,
        verdict=verdict, made_at=now, made_by=by_of(actor), is_sample=is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="outreach.evaluate", subject=row, now=now,
        detail={"design": row.design, "verdict": row.verdict},
    )  # fmt: skip
    return row


def _question(text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > 200:
        raise InputError(
            _("Write the question that was asked, in at most 200 characters."),
            location=Location(field="question"),
        )
    try:
        refuse_traces(words)
        refuse_observed(words)
    except ValidationError as error:
        raise InputError(" ".join(error.messages), location=Location(field="question")) from error
    return words


def _count(numbers: Mapping[str, Any], name: str) -> int:
    value = numbers.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_COUNT:
        raise InputError(
            _("A whole number from 0 to %(most)s is needed.") % {"most": MOST_COUNT},
            location=Location(field=name),
        )
    return value


def _points(numbers: Mapping[str, Any], name: str) -> list[float]:
    values = numbers.get(name)
    if not isinstance(values, Sequence) or isinstance(values, str) or len(values) > MOST_POINTS:
        raise InputError(
            _("At most %(most)s numbers are taken.") % {"most": MOST_POINTS},
            location=Location(field=name),
        )
    if len(values) < 2 or not all(math.isfinite(float(value)) for value in values):
        raise InputError(
            _("Give the points of two people at least."), location=Location(field=name)
        )
    return [float(value) for value in values]


Result = tuple[dict[str, Any], str]


def _told(gain: Any, smallest_group: int) -> Result:
    from qalqan.science.outreach.gains import FEWEST

    verdict = "too_few" if smallest_group < FEWEST else gain.verdict
    return {
        "value": gain.value, "low": _finite(gain.low), "high": _finite(gain.high),
        "first": gain.first, "second": gain.second, "size": gain.size, "method": gain.method,
        "level": LEVEL,
    }, verdict  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _paired_share(numbers: Mapping[str, Any]) -> Result:
    from qalqan.science.outreach.gains import paired_shares

    counts = [_count(numbers, name) for name in ("both", "gained", "lost", "neither")]
    if not sum(counts):
        raise InputError(_("Nobody was asked."), location=Location(field="both"))
    both, gained, lost, neither = counts
    return _told(paired_shares(both, gained, lost, neither, level=LEVEL), sum(counts))


def _groups_share(numbers: Mapping[str, Any]) -> Result:
    from qalqan.science.outreach.gains import two_shares

    groups = []
    for side in ("before", "after"):
        yes, everybody = _count(numbers, f"{side}_yes"), _count(numbers, f"{side}_all")
        if not everybody or yes > everybody:
            raise InputError(
                _("More say yes than were asked, or nobody was asked."),
                location=Location(field=f"{side}_yes"),
            )
        groups.append((yes, everybody))
    return _told(two_shares(groups[0], groups[1], level=LEVEL), min(groups[0][1], groups[1][1]))


def _paired_mean(numbers: Mapping[str, Any]) -> Result:
    from qalqan.science.outreach.gains import paired_points

    before, after = _points(numbers, "before"), _points(numbers, "after")
    if len(before) != len(after):
        raise InputError(
            _("Before has %(before)s numbers, after %(after)s; each person needs both.")
            % {"before": len(before), "after": len(after)},
            location=Location(field="after"),
        )
    return _told(paired_points(before, after, level=LEVEL), len(before))


def _groups_mean(numbers: Mapping[str, Any]) -> Result:
    from qalqan.science.outreach.gains import two_points

    before, after = _points(numbers, "before"), _points(numbers, "after")
    return _told(two_points(before, after, level=LEVEL), min(len(before), len(after)))


def _districts(numbers: Mapping[str, Any]) -> Result:
    import numpy as np

    from qalqan.science.outreach.districts import difference_in_differences
    from qalqan.science.outreach.gains import Gain

    rows = numbers.get("districts")
    if not isinstance(rows, Sequence) or not 2 <= len(rows) <= MOST_DISTRICTS:
        raise InputError(
            _("Give 2 to %(most)s districts.") % {"most": MOST_DISTRICTS},
            location=Location(field="districts"),
        )
    treated = [bool(row[3]) for row in rows]
    if all(treated) or not any(treated):
        raise InputError(
            _("Both sides need a district: with the programme, and without."),
            location=Location(field="districts"),
        )
    # The seed follows from the numbers, so that anybody who has them gets the same interval.
    seed = int.from_bytes(hashlib.sha256(json.dumps(list(rows)).encode()).digest()[:8], "big")
    found = difference_in_differences(
        [row[1] for row in rows], [row[2] for row in rows], treated,
        rng=np.random.default_rng(seed), level=LEVEL,
    )  # fmt: skip
    gain = Gain(
        found.value, found.low, found.high, found.without, found.with_it, len(rows), "districts"
    )
    result, _verdict = _told(gain, len(rows))
    result |= {
        "p_value": found.p_value, "smallest_p": found.smallest_p, "is_exact": found.is_exact,
        "assignments": found.assignments, "seed": str(seed),
    }  # fmt: skip
    return result, gain.verdict


_COMPUTE: dict[str, Callable[[Mapping[str, Any]], Result]] = {
    Evaluation.Design.PAIRED_SHARE: _paired_share,
    Evaluation.Design.GROUPS_SHARE: _groups_share,
    Evaluation.Design.PAIRED_MEAN: _paired_mean,
    Evaluation.Design.GROUPS_MEAN: _groups_mean,
    Evaluation.Design.DISTRICTS: _districts,
}
