"""Order of the queue: expected harm averted for one staff-minute."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qalqan.science.rumours.rank.severity import Severity

WEIGHTS: Mapping[Severity, float] = {
    Severity.THREAT_TO_LIFE: 100.0,
    Severity.VIOLENCE: 30.0,
    Severity.PANIC: 10.0,
    Severity.SERVICES: 3.0,
    Severity.OTHER: 1.0,
}
"""Harm of one further copy, in units of one further copy of the class ``other``. A judgement, not
an estimate: a desk sets its own, and the reasons name the class so that a reader may disagree."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One number of a score, with its doubt and where it comes from.

    Parameters
    ----------
    name : str
        ``"severity"``, ``"reach"``, ``"unresolved"``, ``"averted"`` or ``"minutes"``.
    value, low, high : float
        Estimate and its 95 % interval; all equal where nothing is estimated.
    source : str
        Who or what says so: ``"person"``, ``"words"``, a model's name.
    """

    name: str
    value: float
    low: float
    high: float
    source: str

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.value <= self.high or math.isnan(self.value):
            raise ValueError(
                f"{self.name}: needs 0 ≤ low ≤ value ≤ high, "
                f"got {self.low}, {self.value}, {self.high}"
            )

    @classmethod
    def certain(cls, name: str, value: float, source: str) -> Factor:
        """Return a factor without doubt: a setting or a count."""
        return cls(name, value, value, value, source)


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """What the order needs to know of one claim.

    Parameters
    ----------
    claim_id : int
        The claim.
    severity : Severity
        Its class, set by a person or suggested from its words.
    reach : Factor
        Further copies expected if nothing is done, e.g. in the next 24 hours.
    unresolved : Factor
        Probability that it is false or not yet answered.
    minutes : Factor
        Staff-minutes still needed until the answer is out; above zero.
    severity_source : str
        ``"person"`` or ``"words"``.
    averted : Factor or None
        Share of the further copies that an answer stops, where somebody knows it. Left out, the
        score is an upper bound: every further copy counts as averted.
    round_the_queue : bool or None
        Whether it goes to the duty officer whatever the score; left out, a threat to life does.
    """

    claim_id: int
    severity: Severity
    reach: Factor
    unresolved: Factor
    minutes: Factor
    severity_source: str = "person"
    averted: Factor | None = None
    round_the_queue: bool | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A claim in its place.

    Parameters
    ----------
    claim_id : int
        The claim.
    score, low, high : float
        Weighted copies averted for one staff-minute, and its 95 % interval.
    reasons : tuple of Factor
        What was multiplied, and divided by (``minutes``, last).
    round_the_queue : bool
        Threat to life or claim of responsibility: goes to the duty officer now, whatever the score.
    overlaps_next : bool
        Whether the interval reaches that of the next claim, so that their order is not certain.
    """

    claim_id: int
    score: float
    low: float
    high: float
    reasons: tuple[Factor, ...]
    round_the_queue: bool
    overlaps_next: bool = False


def _factors(entry: QueueEntry, weights: Mapping[Severity, float]) -> list[Factor]:
    weight = weights[entry.severity]
    found = [
        Factor.certain("severity", weight, f"{entry.severity_source}:{entry.severity.value}"),
        entry.reach,
        entry.unresolved,
    ]
    return [*found, entry.averted] if entry.averted else found


def _check(entry: QueueEntry) -> None:
    if entry.minutes.low <= 0.0:
        raise ValueError(f"claim {entry.claim_id}: minutes of work must be above zero")
    if entry.unresolved.high > 1.0 or (entry.averted and entry.averted.high > 1.0):
        raise ValueError(f"claim {entry.claim_id}: a probability or share is above one")


def _product(over: Iterable[Factor], under: Factor) -> tuple[float, float, float]:
    """Multiply, divide, and add the doubts up as independent ones on the logarithmic scale."""
    factors = list(over)
    value = math.prod(f.value for f in factors) / under.value
    if value == 0.0:
        return 0.0, 0.0, math.prod(f.high for f in factors) / under.low
    down = [math.log(f.value / f.low) if f.low > 0.0 else math.inf for f in factors]
    up = [math.log(f.high / f.value) for f in factors]
    down.append(math.log(under.high / under.value))
    up.append(math.log(under.value / under.low))
    return value, value * math.exp(-math.hypot(*down)), value * math.exp(math.hypot(*up))


def rank_queue(
    entries: Sequence[QueueEntry], *, weights: Mapping[Severity, float] = WEIGHTS
) -> list[Ranked]:
    r"""Order claims by the harm that one minute of work is expected to avert.

    .. math:: s_i = \frac{w_{c(i)}\; \hat n_i\; p_i\; a_i}{m_i}

    with the weight of the severity class, further copies expected, probability that the claim is
    false or unanswered, share averted by an answer (1 where unknown) and minutes of work. To take
    the highest ratio first is the best order for a divisible budget, and the well-known WSPT rule
    for the least weighted waiting; for a fixed number of hours see `plan_hours`.

    Parameters
    ----------
    entries : sequence of QueueEntry
        Open claims.
    weights : mapping of Severity to float
        Harm of one further copy by class.

    Returns
    -------
    list of Ranked
        Claims that go round the queue first, each part by falling score; equal scores keep the
        order they came in.

    Raises
    ------
    ValueError
        A factor is no number, a probability above one, or minutes not above zero.

    Notes
    -----
    The interval treats the doubts of the factors as independent and their logarithms as
    symmetric enough to add in quadrature on each side. A lower end of zero stays zero.

    References
    ----------
    Smith 1956, Naval Research Logistics Quarterly 3:59-66.

    Examples
    --------
    >>> def claim(number, kind, copies):
    ...     return QueueEntry(number, kind, Factor("reach", copies, copies / 2, copies * 2, "nb"),
    ...                       Factor("unresolved", .8, .6, 1, "desk"),
    ...                       Factor.certain("minutes", 40, "setting"))
    >>> order = rank_queue([claim(1, Severity.OTHER, 500), claim(2, Severity.PANIC, 100),
    ...                     claim(3, Severity.THREAT_TO_LIFE, 1)])
    >>> [(r.claim_id, r.score, r.round_the_queue) for r in order]
    [(3, 2.0, True), (2, 20.0, False), (1, 10.0, False)]
    """
    rows = []
    for entry in entries:
        _check(entry)
        over = _factors(entry, weights)
        value, low, high = _product(over, entry.minutes)
        urgent = entry.round_the_queue
        if urgent is None:
            urgent = entry.severity is Severity.THREAT_TO_LIFE
        reasons = (*over, entry.minutes)
        rows.append(Ranked(entry.claim_id, value, low, high, reasons, urgent))
    rows.sort(key=lambda row: (not row.round_the_queue, -row.score))
    return [_beside(row, after) for row, after in zip(rows, [*rows[1:], None], strict=True)]


def _beside(row: Ranked, after: Ranked | None) -> Ranked:
    near = (
        after is not None and after.round_the_queue == row.round_the_queue and after.high >= row.low
    )
    if not near:
        return row
    return Ranked(
        row.claim_id, row.score, row.low, row.high, row.reasons, row.round_the_queue, True
    )
