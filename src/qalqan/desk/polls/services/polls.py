"""A poll's life: prepared, designed, drawn, opened, closed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.polls.models import (
    DrawnCluster,
    FrameUnit,
    Margin,
    Poll,
    QuestionnaireVersion,
    SamplingFrame,
    Stratum,
)
from qalqan.errors import ConflictError, InputError, Location

LEAST_CLUSTERS = 2
WHOLE = "all"
"""Name of the only stratum of a draw that has none."""


class DesignError(InputError):
    """A poll cannot open with this design."""

    code = "polls.design"


@dataclass(frozen=True, slots=True)
class PollFacts:
    """What a poll is called, what it asks and when."""

    code: str
    titles: dict[str, str]
    series: str
    wave: int
    questionnaire_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class DesignFacts:
    """How the sample is drawn and weighted; or that it is none.

    Parameters
    ----------
    kind
        ``probability`` or ``convenience``.
    method
        ``srs``, ``stratified``, ``pps``, or empty where people are drawn one by one.
    areas
        How many areas to draw in all, or, where there are no areas, answers wanted.
    populations
        People by stratum, where there is no frame.
    """

    kind: str
    frame_id: int | None = None
    method: str = ""
    areas: int = 0
    take: int = 15
    seed: int = 1
    adjustment: str = ""
    trim_low: float | None = None
    trim_high: float | None = None
    response_e: float = 1.0
    populations: dict[str, int] = field(default_factory=dict)


def by_of(actor: Actor) -> Any:
    """Return the account that acts, or nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


@transaction.atomic
def create_poll(*, actor: Actor, facts: PollFacts, now: datetime, is_sample: bool = False) -> Poll:
    """Prepare a poll.

    Raises
    ------
    InputError
        The days or the questionnaire are not right.
    ConflictError
        The code, or the wave of the series, is there already.
    RefusedError
        The actor may not make polls.
    """
    require(actor, ADD, Poll)
    if facts.ends_on < facts.starts_on:
        raise InputError(_("The last day is before the first."), location=Location(field="ends_on"))
    version = QuestionnaireVersion.objects.filter(pk=facts.questionnaire_id).first()
    if version is None or version.state != QuestionnaireVersion.State.PUBLISHED:
        raise InputError(
            _("Choose a questionnaire that is in use."), location=Location(field="questionnaire")
        )
    taken = Poll.objects.filter(code=facts.code) | Poll.objects.filter(
        series=facts.series, wave=facts.wave
    )
    if taken.exists():
        raise ConflictError(_("There is a poll with this code, or this wave, already."))
    poll = Poll.objects.create(
        code=facts.code, series=facts.series, wave=facts.wave, questionnaire=version,
        starts_on=facts.starts_on, ends_on=facts.ends_on, created_by=by_of(actor), created_at=now,
        is_sample=is_sample, **{f"title_{code}": text for code, text in facts.titles.items()},
    )  # fmt: skip
    audit.record(actor=actor, action="polls.create", subject=poll, now=now,
                 detail={"code": facts.code, "wave": facts.wave})  # fmt: skip
    return poll


@transaction.atomic
def set_design(*, actor: Actor, poll: Poll, facts: DesignFacts, now: datetime) -> Poll:
    """Declare the design of a poll and draw its areas; an earlier design is replaced.

    Raises
    ------
    DesignError
        The design is not whole, or cannot be drawn.
    ConflictError
        The poll is open already.
    RefusedError
        The actor may not change polls.
    """
    require(actor, CHANGE, Poll)
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    if locked.state != Poll.State.DRAFT:
        raise ConflictError(_("The design of a poll that was opened is never changed."))
    locked.strata.all().delete()
    locked.clusters.all().delete()
    locked.kind, locked.method, locked.take = facts.kind, "", max(1, facts.take)
    locked.frame, locked.seed, locked.response_e = None, None, facts.response_e
    locked.adjustment, locked.trim_low, locked.trim_high = "", None, None
    if facts.kind == Poll.Kind.PROBABILITY:
        locked.method, locked.adjustment = facts.method, facts.adjustment
        locked.trim_low, locked.trim_high = facts.trim_low, facts.trim_high
        if facts.method:
            locked.seed, locked.frame = facts.seed, _frame(facts.frame_id)
            _draw(locked, facts)
        else:
            _strata(locked, facts)
    elif facts.kind != Poll.Kind.CONVENIENCE:
        raise DesignError(
            _("Say how the sample is drawn, or declare a convenience sample."),
            location=Location(field="kind"),
        )
    locked.save()
    audit.record(
        actor=actor, action="polls.set_design", subject=locked, now=now,
        detail={"kind": facts.kind, "method": facts.method, "seed": locked.seed,
                "areas": locked.clusters.count(), "strata": locked.strata.count()},
    )  # fmt: skip
    return locked


def _frame(frame_id: int | None) -> SamplingFrame:
    frame = SamplingFrame.objects.filter(pk=frame_id or 0).first()
    if frame is None:
        raise DesignError(_("Choose a frame to draw areas from."), location=Location(field="frame"))
    return frame


def _strata(poll: Poll, facts: DesignFacts) -> None:
    if not facts.populations:
        raise DesignError(
            _("Name at least one stratum with its number of people."),
            location=Location(field="populations"),
        )
    total = sum(facts.populations.values())
    Stratum.objects.bulk_create(
        Stratum(poll=poll, code=code, label=code, population=people,
                wanted=max(2, round(facts.areas * people / total)))
        for code, people in facts.populations.items()
    )  # fmt: skip


def allocation(sizes: dict[str, int], units: dict[str, int], areas: int) -> dict[str, int]:
    """Share areas among strata in proportion to people, at least two each, no more than there are.

    Largest remainders; ties go to the stratum that comes first by name.

    >>> allocation({"a": 700, "b": 200, "c": 100}, {"a": 50, "b": 20, "c": 3}, 10)
    {'a': 6, 'b': 2, 'c': 2}
    """
    names = sorted(sizes)
    found = {name: min(LEAST_CLUSTERS, units[name]) for name in names}
    total = sum(sizes.values())
    while sum(found.values()) < areas:
        open_ = [name for name in names if found[name] < units[name]]
        if not open_:
            break
        best = max(open_, key=lambda name: areas * sizes[name] / total - found[name])
        found[best] += 1
    return found


def _draw(poll: Poll, facts: DesignFacts) -> None:
    from qalqan.science.polls.draws import in_proportion, simple_random

    parts: dict[str, list[FrameUnit]] = defaultdict(list)
    for unit in FrameUnit.objects.filter(frame=poll.frame).order_by("code"):
        parts[WHOLE if facts.method == Poll.Method.SRS else unit.stratum].append(unit)
    sizes = {name: sum(unit.size for unit in units) for name, units in parts.items()}
    counts = {name: len(units) for name, units in parts.items()}
    for name, count in counts.items():
        if count < LEAST_CLUSTERS:
            raise DesignError(
                _("Stratum %(name)s has one area only, so its spread cannot be known.")
                % {"name": name},
                location=Location(field="frame"),
                hint=_("Join it with a stratum like it in the frame, or split the area in parts."),
            )
    if not LEAST_CLUSTERS * len(parts) <= facts.areas <= sum(counts.values()):
        raise DesignError(
            _("Draw from %(least)s areas (two in each stratum) to %(most)s (all of them).")
            % {"least": LEAST_CLUSTERS * len(parts), "most": sum(counts.values())},
            location=Location(field="areas"),
        )
    shares = allocation(sizes, counts, facts.areas)
    rng, order, rows = np.random.default_rng(facts.seed), 0, []
    for name in sorted(parts):
        units = parts[name]
        drawn = (
            in_proportion([unit.size for unit in units], shares[name], rng)
            if facts.method == Poll.Method.PPS
            else simple_random(len(units), shares[name], rng)
        )
        for position, chance in zip(drawn.chosen, drawn.probability, strict=True):
            order += 1
            rows.append(DrawnCluster(poll=poll, unit=units[int(position)], stratum=name,
                                     order=order, probability=float(chance)))  # fmt: skip
    Stratum.objects.bulk_create(
        Stratum(poll=poll, code=name, label=_label(parts[name], name), population=sizes[name],
                areas=counts[name], wanted=shares[name])
        for name in sorted(parts)
    )  # fmt: skip
    DrawnCluster.objects.bulk_create(rows)


def _label(units: list[FrameUnit], name: str) -> str:
    return units[0].label.rsplit(" ", 1)[0][:160] if name != WHOLE else ""


@transaction.atomic
def set_margins(
    *, actor: Actor, poll: Poll, rows: list[tuple[str, str, float]], origin: str, now: datetime
) -> int:
    """Store the known totals that the weights are to meet; earlier ones are replaced.

    Raises
    ------
    InputError
        A total is not above nought, or stands twice.
    ConflictError
        The poll is closed: who has seen the answers chooses no totals for them.
    RefusedError
        The actor may not change polls.
    """
    require(actor, CHANGE, Poll)
    if Poll.objects.select_for_update().get(pk=poll.pk).state == Poll.State.CLOSED:
        raise ConflictError(_("Known totals are set before the poll closes."))
    if any(total <= 0 for _variable, _level, total in rows):
        raise InputError(
            _("A known total must be above nought."), location=Location(field="margins")
        )
    poll.margins.all().delete()
    try:
        with transaction.atomic():
            Margin.objects.bulk_create(
                Margin(poll=poll, variable=variable, level=level, total=total, origin=origin)
                for variable, level, total in rows
            )
    except IntegrityError:
        raise InputError(
            _("A known total stands twice."), location=Location(field="margins")
        ) from None
    audit.record(actor=actor, action="polls.set_margins", subject=poll, now=now,
                 detail={"rows": len(rows), "origin": origin[:200]})  # fmt: skip
    return len(rows)


@transaction.atomic
def open_poll(*, actor: Actor, poll: Poll, now: datetime) -> Poll:
    """Open a poll for answers; without a whole design it stays shut.

    Raises
    ------
    DesignError
        No design is declared, or it is not whole.
    ConflictError
        It is no draft.
    RefusedError
        The actor may not change polls.
    """
    require(actor, CHANGE, Poll)
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    if locked.state != Poll.State.DRAFT:
        raise ConflictError(_("Only a poll that is being prepared can be opened."))
    _require_design(locked)
    locked.state, locked.opened_at = Poll.State.OPEN, now
    locked.save(update_fields=["state", "opened_at"])
    audit.record(actor=actor, action="polls.open", subject=locked, now=now,
                 detail={"kind": locked.kind, "method": locked.method})  # fmt: skip
    return locked


def _require_design(poll: Poll) -> None:
    if poll.kind == Poll.Kind.CONVENIENCE:
        return
    if poll.kind != Poll.Kind.PROBABILITY:
        raise DesignError(
            _("A poll opens with a design: strata, areas, weights and population. Or declare a "
              "convenience sample, which shows no margins of error.")
        )  # fmt: skip
    strata = {row.code: 0 for row in poll.strata.all()}
    if not strata:
        raise DesignError(_("The design has no stratum with a population."))
    if poll.method:
        for cluster in poll.clusters.all():
            strata[cluster.stratum] += 1
        alone = sorted(name for name, count in strata.items() if count < LEAST_CLUSTERS)
        if alone:
            raise DesignError(
                _("Stratum %(name)s has fewer than two drawn areas.") % {"name": alone[0]},
                hint=_("Draw more areas, or join it with a stratum like it."),
            )
    if poll.adjustment and not poll.margins.exists():
        raise DesignError(_("The weighting needs known totals."))


@transaction.atomic
def close_poll(*, actor: Actor, poll: Poll, now: datetime) -> Poll:
    """Take no more answers.

    Raises
    ------
    ConflictError
        It is not open.
    RefusedError
        The actor may not change polls.
    """
    require(actor, CHANGE, Poll)
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    if locked.state != Poll.State.OPEN:
        raise ConflictError(_("The poll is not open."))
    locked.state, locked.closed_at = Poll.State.CLOSED, now
    locked.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, action="polls.close", subject=locked, now=now)
    return locked
